package io.cairn.block.testkit;

import java.nio.ByteBuffer;

/// Several buffers as one.
final class Joined {
    private Joined() {}

    /// A copy of what remains in all of them; their positions stay.
    static ByteBuffer of(ByteBuffer... buffers) {
        int length = 0;
        for (var buffer : buffers)
            length += buffer.remaining();
        var joined = ByteBuffer.allocate(length);
        for (var buffer : buffers)
            joined.put(buffer.duplicate());
        return joined.flip();
    }

    /// Fills them, one behind the other, from `bytes`.
    static void divide(ByteBuffer bytes, ByteBuffer... into) {
        for (var buffer : into) {
            int count = buffer.remaining();
            buffer.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
        }
    }
}
