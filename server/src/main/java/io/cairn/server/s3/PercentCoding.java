package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.server.http.RefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/// Percent-encoding of RFC 3986 over UTF-8, both ways. Nothing is normalised: what was `%2e%2e%2f` is the text `../`.
final class PercentCoding {
    private static final String HEX = "0123456789ABCDEF";

    /// The text of `raw[from, to)`, or 400 `InvalidURI` when it is not percent-encoded UTF-8.
    ///
    /// @param plusIsSpace as in a query string
    static String decode(String raw, int from, int to, boolean plusIsSpace) {
        for (int i = from; i < to; i++) {
            char c = raw.charAt(i);
            if (c == '%' || c >= 0x80 || (c == '+' && plusIsSpace))
                return decodeSlowly(raw, from, to, plusIsSpace);
        }
        return raw.substring(from, to);
    }

    private static String decodeSlowly(String raw, int from, int to, boolean plusIsSpace) {
        var bytes = ByteBuffer.allocate(to - from);
        for (int i = from; i < to; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < to ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < to ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0)
                    throw invalid(raw);
                bytes.put((byte) (high * 16 + low));
                i += 2;
            } else if (c > 0xff) {
                throw invalid(raw);
            } else {
                bytes.put((byte) (c == '+' && plusIsSpace ? ' ' : c)); // raw bytes above 0x7f, as some clients send them
            }
        }
        try {
            return UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw invalid(raw);
        }
    }

    private static RefusedException invalid(String raw) {
        return new RefusedException(400, "InvalidURI", "not percent-encoded UTF-8: " + raw);
    }

    /// As `encoding-type=url` asks: everything but unreserved characters and `/`.
    static String encode(String text) {
        for (int i = 0; i < text.length(); i++)
            if (!isPlain(text.charAt(i)))
                return encodeSlowly(text);
        return text;
    }

    private static String encodeSlowly(String text) {
        var out = new ByteArrayOutputStream(text.length() * 2);
        for (byte b : text.getBytes(UTF_8)) {
            if (isPlain((char) (b & 0xff))) {
                out.write(b);
            } else {
                out.write('%');
                out.write(HEX.charAt((b >> 4) & 0xf));
                out.write(HEX.charAt(b & 0xf));
            }
        }
        return out.toString(UTF_8);
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.'
                || c == '~' || c == '/';
    }

    private PercentCoding() {}
}
