package io.cairn.server.dynamodb.wire;

import java.util.Arrays;

/// Bytes from base64 (RFC 4648 section 4) with the service's own words for what is none. Stateless; any thread.
final class Base64Text {
    private static final byte[] VALUES = new byte[128];
    static {
        Arrays.fill(VALUES, (byte) -1);
        var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < digits.length(); i++)
            VALUES[digits.charAt(i)] = (byte) i;
    }
    /// The service's spelling.
    private static final String LAST = "Invalid last non-pad Base64 character dectected";

    private Base64Text() {}

    /// Bytes that `count` characters stand for at most.
    static int room(int count) {
        return count / 4 * 3;
    }

    /// Decodes `count` characters from `from` on into `into`, which has [#room] for them, and returns how many bytes they were. A
    /// [RequestRefusedException] when they are no base64 in its one canonical form.
    static int decode(char[] chars, int from, int count, byte[] into) {
        if (count % 4 != 0)
            throw RequestRefusedException
                    .serialization("Base64 encoded length is expected a multiple of 4 bytes but found: " + count);
        if (count == 0)
            return 0;
        int pads = chars[from + count - 1] != '=' ? 0 : chars[from + count - 2] != '=' ? 1 : 2;
        int end = from + count - (pads == 0 ? 0 : 4);
        int at = 0;
        for (int i = from; i < end; i += 4) {
            int bits = value(chars[i]) << 18 | value(chars[i + 1]) << 12 | value(chars[i + 2]) << 6 | value(chars[i + 3]);
            into[at++] = (byte) (bits >> 16);
            into[at++] = (byte) (bits >> 8);
            into[at++] = (byte) bits;
        }
        if (pads == 0)
            return at;
        int bits = value(chars[end]) << 12 | value(chars[end + 1]) << 6 | (pads == 1 ? value(chars[end + 2]) : 0);
        if ((bits & (pads == 1 ? 0b11 : 0b1111_000000)) != 0)
            throw RequestRefusedException.serialization(LAST);
        into[at++] = (byte) (bits >> 10);
        if (pads == 1)
            into[at++] = (byte) (bits >> 2);
        return at;
    }

    private static int value(char c) {
        int value = c < 128 ? VALUES[c] : -1;
        if (value < 0)
            throw RequestRefusedException.serialization(c == '=' ? LAST : "Invalid Base64 character: '" + c + "'");
        return value;
    }
}
