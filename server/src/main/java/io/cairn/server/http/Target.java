package io.cairn.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// The target of a request line (RFC 9112 section 3.2): origin form; absolute form, when it names the same host as `Host` does; and
/// `*` for OPTIONS.
///
/// @param rawPath ASCII; bytes above 126 were escaped as `%XX`, which means the same
record Target(String rawPath, String rawQuery) {
    private static final String UPPER_HEX = "0123456789ABCDEF";

    static Target parse(byte[] bytes, int from, int to, String method, HttpHeaders headers) {
        var text = text(bytes, from, to);
        if (text.startsWith("http://") || text.startsWith("https://"))
            text = origin(text, headers);
        else if (!text.startsWith("/") && !(text.equals("*") && method.equals("OPTIONS")))
            throw bad("the target is not a path");
        int question = text.indexOf('?');
        return question < 0 ? new Target(text, "") : new Target(text.substring(0, question), text.substring(question + 1));
    }

    private static String text(byte[] bytes, int from, int to) {
        boolean plain = true;
        for (int i = from; i < to; i++) {
            if ((bytes[i] >= 0 && bytes[i] <= ' ') || bytes[i] == '#')
                throw bad("a character in the target that must be escaped");
            plain &= bytes[i] > 0 && bytes[i] < 127;
        }
        if (plain)
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        var escaped = new StringBuilder(2 * (to - from));
        for (int i = from; i < to; i++)
            if (bytes[i] > 0 && bytes[i] < 127)
                escaped.append((char) bytes[i]);
            else
                escaped.append('%').append(UPPER_HEX.charAt(bytes[i] >> 4 & 15)).append(UPPER_HEX.charAt(bytes[i] & 15));
        return escaped.toString();
    }

    private static String origin(String text, HttpHeaders headers) {
        int authority = text.indexOf("//") + 2;
        int path = authority;
        while (path < text.length() && text.charAt(path) != '/' && text.charAt(path) != '?')
            path++;
        if (!text.substring(authority, path).equalsIgnoreCase(headers.get("host", "")))
            throw bad("the target names another host than the Host header");
        return path < text.length() && text.charAt(path) == '/' ? text.substring(path) : "/" + text.substring(path);
    }

    private static RefusedException bad(String why) {
        return new RefusedException(400, "BadRequest", "An error occurred when parsing the HTTP request: " + why);
    }
}
