package io.cairn.server.cli;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.StringJoiner;

/// Percent-encoding as SigV4 wants it: all bytes of UTF-8 but `A-Za-z0-9-._~` become `%XX`, in upper case.
final class UriEncoding {
    private UriEncoding() {}

    /// @param alsoPlain further characters to leave as they are: `/` in the path of an object
    static String encode(String text, String alsoPlain) {
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0
                    || alsoPlain.indexOf(c) >= 0)
                encoded.append(c);
            else
                encoded.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
        }
        return encoded.toString();
    }

    /// As S3 encodes keys in listings: `+` is a blank.
    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static String query(SortedMap<String, String> query) {
        var joined = new StringJoiner("&");
        query.forEach((name, value) -> joined.add(encode(name, "") + "=" + encode(value, "")));
        return joined.toString();
    }
}
