package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/// A whole body as one array, of at most `limitBytes`.
final class CollectedBody implements BodyReceiver {
    private static final int FIRST_BYTES = 4096;
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final int limitBytes;
    private byte[] bytes;
    private int length;

    /// @param expectedBytes or -1; must not be more than `limitBytes`
    CollectedBody(long expectedBytes, int limitBytes) {
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
            bytes = Arrays.copyOf(bytes, (int) Math.min(limitBytes, Math.max(2L * bytes.length, (long) length + more)));
        piece.readBytes(bytes, length, more);
        length += more;
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
