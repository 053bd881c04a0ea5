package io.cairn.server.http;

import java.nio.charset.StandardCharsets;

/// Header names in lower case, without making a string for the usual ones.
final class HeaderNames {
    private static final String[] USUAL = {"host", "authorization", "x-amz-date", "x-amz-content-sha256", "content-length",
            "content-type",
            "user-agent", "accept", "accept-encoding", "connection", "expect", "range", "content-md5", "content-encoding",
            "x-amz-decoded-content-length", "x-amz-trailer", "x-amz-sdk-checksum-algorithm", "amz-sdk-invocation-id",
            "amz-sdk-request",
            "transfer-encoding", "if-none-match", "if-match", "x-amz-checksum-mode", "x-amz-security-token", "x-amz-acl",
            "x-amz-storage-class", "x-amz-user-agent", "x-amz-checksum-crc32", "x-amz-checksum-crc32c",
            "x-amz-checksum-crc64nvme",
            "x-amz-checksum-sha256", "x-amz-checksum-sha1", "date", "cache-control", "if-modified-since", "if-unmodified-since",
            "x-amz-copy-source", "origin", "x-amz-target", "x-amz-expected-bucket-owner"};
    private static final int SLOTS = 256;
    private static final String[] TABLE = new String[SLOTS];
    static {
        for (var name : USUAL) {
            var bytes = name.getBytes(StandardCharsets.US_ASCII);
            int slot = slot(bytes, 0, bytes.length);
            while (TABLE[slot] != null)
                slot = (slot + 1) % SLOTS;
            TABLE[slot] = name;
        }
    }

    private HeaderNames() {}

    /// The name in `[from, to)`, which holds token characters only.
    static String name(byte[] bytes, int from, int to) {
        for (int slot = slot(bytes, from, to); TABLE[slot] != null; slot = (slot + 1) % SLOTS)
            if (matches(TABLE[slot], bytes, from, to))
                return TABLE[slot];
        for (int i = from; i < to; i++)
            bytes[i] = lower(bytes[i]);
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean matches(String name, byte[] bytes, int from, int to) {
        if (name.length() != to - from)
            return false;
        for (int i = from; i < to; i++)
            if (lower(bytes[i]) != name.charAt(i - from))
                return false;
        return true;
    }

    private static int slot(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++)
            hash = hash * 31 + lower(bytes[i]);
        return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SLOTS - 1);
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
    }
}
