package io.cairn.server.ec2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The parameters of a request: of its query string and its form. Lists are `Name.1`, `Name.2`, structures in them `Name.1.Member`. What no one asks for
/// is refused by [#requireAllRead], so that nothing is silently left undone.
final class Form {
    private static final int MAX_PARAMETERS = 5000;
    /// What a signature in the query string stands in (IAM user guide, "Authentication methods"). The front door has verified it.
    private static final Set<String> SIGNATURE = Set.of("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
            "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Content-Sha256");
    private final Map<String, String> parameters;
    private final Set<String> read = new HashSet<>(Set.of("Action", "Version"));

    private Form(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /// @param body a form; empty for none
    static Form parse(String query, String body) {
        var parameters = new HashMap<String, String>();
        add(query, parameters);
        parameters.keySet().removeAll(SIGNATURE);
        add(body, parameters);
        return new Form(parameters);
    }

    private static void add(String encoded, Map<String, String> parameters) {
        for (var pair : encoded.split("&")) {
            if (pair.isEmpty())
                continue;
            int at = pair.indexOf('=');
            var name = decode(at < 0 ? pair : pair.substring(0, at));
            if (parameters.put(name, at < 0 ? "" : decode(pair.substring(at + 1))) != null)
                throw Ec2RefusedException.of("InvalidParameter", "Parameter " + name + " is given twice");
            if (parameters.size() > MAX_PARAMETERS)
                throw Ec2RefusedException.of("InvalidParameter", "More than " + MAX_PARAMETERS + " parameters");
        }
    }

    private static String decode(String text) {
        try {
            var decoded = java.net.URLDecoder.decode(text, StandardCharsets.UTF_8);
            if (!decoded.codePoints().allMatch(Form::isXml))
                throw Ec2RefusedException.of("InvalidCharacter",
                        "A parameter has a character that no answer could show: " + decoded.codePoints()
                                .filter(c -> !isXml(c)).mapToObj("U+%04X"::formatted).findFirst().orElseThrow());
            return decoded;
        } catch (IllegalArgumentException e) {
            throw Ec2RefusedException.of("MalformedQueryString", "The query string contains a syntax error: " + text);
        }
    }

    /// Whether XML 1.0 can say it ("Char", section 2.2).
    static boolean isXml(int codePoint) {
        return codePoint >= 0x20 && codePoint < 0xD800 && codePoint != 0x7F || codePoint == '\t' || codePoint == '\n'
                || codePoint == '\r' || codePoint >= 0xE000 && codePoint < 0xFFFE || codePoint > 0xFFFF;
    }

    @Nullable
    String text(String name) {
        read.add(name);
        return parameters.get(name);
    }

    String required(String name) {
        var value = text(name);
        if (value == null || value.isEmpty())
            throw Ec2RefusedException.missing(name);
        return value;
    }

    @Nullable
    Long number(String name) {
        var value = text(name);
        if (value == null)
            return null;
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw Ec2RefusedException.invalid("Invalid value '" + value + "' for " + name + ". It is not a number.");
        }
    }

    boolean flag(String name) {
        var value = text(name);
        if (value == null || value.equalsIgnoreCase("false"))
            return false;
        if (value.equalsIgnoreCase("true"))
            return true;
        throw Ec2RefusedException.invalid("Invalid value '" + value + "' for " + name + ". It is neither true nor false.");
    }

    /// The values of `name.1`, `name.2`, ... in the order of their numbers.
    List<String> list(String name) {
        var values = new TreeMap<Integer, String>();
        parameters.forEach((key, value) -> {
            if (key.startsWith(name + ".") && key.indexOf('.', name.length() + 1) < 0) {
                read.add(key);
                values.put(index(key, name), value);
            }
        });
        return List.copyOf(values.values());
    }

    /// The prefixes `name.1`, `name.2`, ... that are there.
    List<String> structures(String name) {
        var prefixes = new TreeMap<Integer, String>();
        for (var key : parameters.keySet())
            if (key.startsWith(name + ".") && key.indexOf('.', name.length() + 1) > 0) {
                int index = index(key, name);
                prefixes.put(index, name + "." + index);
            }
        return new ArrayList<>(prefixes.values());
    }

    private static int index(String key, String name) {
        int end = key.indexOf('.', name.length() + 1);
        var digits = key.substring(name.length() + 1, end < 0 ? key.length() : end);
        if (!digits.matches("[0-9]{1,6}"))
            throw Ec2RefusedException.of("InvalidParameter", "Parameter " + key + " has no number");
        return Integer.parseInt(digits);
    }

    /// Refuses what is not known here.
    void requireAllRead() {
        for (var key : parameters.keySet())
            if (!read.contains(key))
                throw Ec2RefusedException.of("UnknownParameter", "The parameter " + key + " is not recognized");
    }
}
