package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Text in header values beyond ASCII: raw UTF-8 and encoded words (RFC 2047) come in, one encoded word goes out (Amazon S3 user
/// guide, "User-defined object metadata"). Header values hold one byte of the wire in each character.
final class EncodedWords {
    /// The text that a header value stands for. What cannot be decoded is kept as it is.
    static String decode(String value) {
        var text = utf8(value);
        return text.contains("=?") ? decodeWords(text) : text;
    }

    /// A header value for this text, safe whatever the text: no line break gets out.
    static String encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e)
                return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "?=";
        }
        return text;
    }

    private static String utf8(String value) {
        boolean ascii = true;
        for (int i = 0; i < value.length() && ascii; i++)
            ascii = value.charAt(i) < 0x80;
        if (ascii)
            return value;
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(value.getBytes(ISO_8859_1))).toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }

    private static String decodeWords(String text) {
        var out = new StringBuilder();
        int at = 0;
        int plainFrom = 0;
        boolean afterWord = false;
        while ((at = text.indexOf("=?", at)) >= 0) {
            int charsetEnd = text.indexOf('?', at + 2);
            int encodingEnd = charsetEnd < 0 ? -1 : text.indexOf('?', charsetEnd + 1);
            int end = encodingEnd < 0 ? -1 : text.indexOf("?=", encodingEnd + 1);
            var word = end < 0
                    ? null
                    : word(text.substring(at + 2, charsetEnd), text.substring(charsetEnd + 1, encodingEnd),
                            text.substring(encodingEnd + 1, end));
            if (word == null) {
                at += 2;
                continue;
            }
            var between = text.substring(plainFrom, at);
            if (!afterWord || !between.isBlank()) // space between two words is not part of the text
                out.append(between);
            out.append(word);
            at = end + 2;
            plainFrom = at;
            afterWord = true;
        }
        return out.append(text, plainFrom, text.length()).toString();
    }

    private static @Nullable String word(String charsetName, String encoding, String content) {
        Charset charset = switch (charsetName.toUpperCase(Locale.ROOT)) {
            case "UTF-8", "US-ASCII" -> UTF_8;
            case "ISO-8859-1" -> ISO_8859_1;
            default -> null;
        };
        var bytes = switch (encoding) {
            case "B", "b" -> base64(content);
            case "Q", "q" -> quoted(content);
            default -> null;
        };
        if (charset == null || bytes == null)
            return null;
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static byte @Nullable [] base64(String content) {
        try {
            return Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte @Nullable [] quoted(String content) {
        var out = new ByteArrayOutputStream(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '=') {
                int high = i + 2 < content.length() ? Character.digit(content.charAt(i + 1), 16) : -1;
                int low = i + 2 < content.length() ? Character.digit(content.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0)
                    return null;
                out.write(high * 16 + low);
                i += 2;
            } else if (c > 0x7e) {
                return null;
            } else {
                out.write(c == '_' ? ' ' : c);
            }
        }
        return out.toByteArray();
    }

    private EncodedWords() {}
}
