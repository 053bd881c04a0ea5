package io.cairn.server.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// A valid request with something changed in it: tokens of its JSON, so that most are still JSON, or single bytes.
final class MutatedRequest {
    private static final Pattern TOKEN = Pattern
            .compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|-?[0-9][0-9.eE+-]*|true|false|null|[{}\\[\\]:,]");
    private static final List<String> VALUES = List.of("null", "true", "1", "-1", "0", "1.5", "1e400", "9223372036854775808",
            "-2147483649", "\"\"", "\"x\"", "\"S\"",
            "\"NONE\"", "\"\\ud800\"", "\"\\u0000\"", "\"#n = :v\"", "\"" + "y".repeat(5000) + "\"", "{}", "[]", "[null]",
            "{\"S\":\"x\"}", "{\"N\":\"1\"}",
            "{\"M\":{\"a\":{\"L\":[]}}}", "[[[[]]]]", "{\"a\":{}}");
    private final Random random;

    MutatedRequest(Random random) {
        this.random = random;
    }

    byte[] of(String json) {
        var tokens = new ArrayList<>(TOKEN.matcher(json).results().map(found -> found.group()).toList());
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++)
            mutate(tokens, random.nextInt(tokens.size()));
        var bytes = String.join("", tokens).getBytes(UTF_8);
        return random.nextInt(16) == 0 ? bytes(bytes) : bytes;
    }

    /// Mostly a text that is nearly right, or another value; now and then what is no JSON.
    private void mutate(List<String> tokens, int at) {
        int kind = random.nextInt(16);
        if (kind == 0 && tokens.size() > 1)
            tokens.remove(at);
        else if (kind == 1)
            tokens.set(at, tokens.get(random.nextInt(tokens.size())));
        else if (kind < 5 && isValue(tokens, at))
            tokens.set(at, VALUES.get(random.nextInt(VALUES.size())));
        else
            tokens.set(at, within(tokens.get(at)));
    }

    private static boolean isValue(List<String> tokens, int at) {
        return at > 0 && ":[,".contains(tokens.get(at - 1)) && !"{}[]:,".contains(tokens.get(at));
    }

    /// Another text of the same kind: names and expressions that are nearly right.
    private String within(String token) {
        if (!token.startsWith("\"") || token.length() < 3)
            return token;
        int at = 1 + random.nextInt(token.length() - 2);
        var piece = List.of("", ".", ":", "#", "(", ")", " ", "[0]", " AND ", "é", "\\\"", "size(", ",").get(random.nextInt(13));
        return new StringBuilder(token).replace(at, at + random.nextInt(2), piece).toString();
    }

    private byte[] bytes(byte[] of) {
        var bytes = of.clone();
        for (int i = 0, count = 1 + random.nextInt(3); i < count; i++)
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
