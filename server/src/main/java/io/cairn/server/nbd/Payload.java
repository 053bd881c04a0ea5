package io.cairn.server.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/// A large payload as it comes. What comes in large pieces stays where it was received; small pieces are put together, or a client that sends a byte at a time
/// would hold a receive buffer for each. On the event loop.
final class Payload {
    /// A piece of so much may keep its receive buffer, which is not much larger then.
    private static final int LARGE_PIECE_BYTES = 16 << 10;
    private static final int TAIL_BYTES = 64 << 10;

    private final ByteBufAllocator allocator;
    private final CompositeByteBuf pieces;
    /// Small pieces, not among `pieces` yet.
    private @Nullable ByteBuf tail;
    private int missing;

    Payload(ByteBufAllocator allocator, int bytes) {
        this.allocator = allocator;
        pieces = allocator.compositeDirectBuffer(Integer.MAX_VALUE);
        missing = bytes;
    }

    void take(ByteBuf in) {
        while (missing > 0 && in.isReadable()) {
            int count = Math.min(missing, in.readableBytes());
            if (count >= LARGE_PIECE_BYTES) {
                endTail();
                pieces.addComponent(true, in.readRetainedSlice(count));
            } else
                count = takeSmall(in, count);
            missing -= count;
        }
    }

    private int takeSmall(ByteBuf in, int most) {
        var into = tail;
        if (into == null) {
            into = allocator.directBuffer(Math.min(missing, TAIL_BYTES));
            tail = into;
        }
        int count = Math.min(most, into.writableBytes());
        into.writeBytes(in, count);
        if (!into.isWritable())
            endTail();
        return count;
    }

    private void endTail() {
        if (tail != null)
            pieces.addComponent(true, tail);
        tail = null;
    }

    boolean isWhole() { return missing == 0; }

    /// All of it, which is the caller's now.
    ByteBuf whole() {
        endTail();
        return pieces;
    }

    void release() {
        pieces.release();
        if (tail != null)
            tail.release();
        tail = null;
    }
}
