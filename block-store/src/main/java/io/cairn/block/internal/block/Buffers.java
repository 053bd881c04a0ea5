package io.cairn.block.internal.block;

import java.nio.ByteBuffer;

/// Buffers that are one run of bytes, one behind the other.
public final class Buffers {
    private Buffers() {}

    /// How many bytes they have room for, or give.
    public static long remaining(ByteBuffer... buffers) {
        long sum = 0;
        for (var buffer : buffers)
            sum += buffer.remaining();
        return sum;
    }
}
