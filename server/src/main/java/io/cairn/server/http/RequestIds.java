package io.cairn.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Request ids: 16 upper-case hexadecimal digits, never twice in one process, not in sequence. Any thread.
final class RequestIds {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private final AtomicLong next;
    private final String hostId;

    RequestIds(RandomGenerator random) {
        next = new AtomicLong(random.nextLong());
        var bytes = new byte[48];
        random.nextBytes(bytes);
        hostId = Base64.getEncoder().encodeToString(bytes);
    }

    String next() {
        long value = mix(next.getAndIncrement());
        var digits = new byte[16];
        for (int i = 0; i < 16; i++)
            digits[i] = (byte) HEX[(int) (value >>> (60 - 4 * i)) & 15];
        return new String(digits, StandardCharsets.ISO_8859_1);
    }

    /// What `x-amz-id-2` says: the same for every answer of this process.
    String hostId() {
        return hostId;
    }

    /// A bijection (the finaliser of SplitMix64), so that different counts stay different.
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
