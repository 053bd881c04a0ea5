package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;

/// A whole body as one array, of at most `limitBytes`.
final class CollectedBody implements BodyReceiver {
    private static final int FIRST_BYTES = 4096;
    /// Beyond this a body counts, with what is made of it.
    private static final int SMALL_BYTES = 16 << 10;
    private static final int COPIES = 2;
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final int limitBytes;
    private final LongPredicate takeHeap;
    private byte[] bytes;
    private int length;

    /// @param expectedBytes or -1; must not be more than `limitBytes`
    /// @param takeHeap takes more of what [HeapBudget] has for bodies
    CollectedBody(long expectedBytes, int limitBytes, LongPredicate takeHeap) {
        this.takeHeap = takeHeap;
        this.limitBytes = limitBytes;
        // A length that is only announced costs nothing until the bytes come.
        bytes = new byte[Math.clamp(expectedBytes, 0, FIRST_BYTES)];
    }

    CompletableFuture<byte[]> result() {
        return result;
    }

    @Override
    public void piece(ByteBuf piece) {
        int more = piece.readableBytes();
        if (more > limitBytes - length)
            throw tooLarge(limitBytes);
        if (bytes.length - length < more)
            grow((int) Math.min(limitBytes, Math.max(2L * bytes.length, (long) length + more)));
        piece.readBytes(bytes, length, more);
        length += more;
    }

    private void grow(int capacity) {
        if (capacity > SMALL_BYTES && !takeHeap.test((long) COPIES * (capacity - bytes.length)))
            throw new RefusedException(503, "SlowDown", "Please reduce your request rate: large requests wait already.");
        bytes = Arrays.copyOf(bytes, capacity);
    }

    @Override
    public void complete(HttpHeaders trailers) {
        result.complete(bytes.length == length ? bytes : Arrays.copyOf(bytes, length));
    }

    @Override
    public void failed(Throwable cause) {
        result.completeExceptionally(cause);
    }

    static RefusedException tooLarge(int limitBytes) {
        return new RefusedException(400, "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed size: " + limitBytes + " bytes for this request.");
    }
}
