package io.cairn.object.internal.engine;

import io.cairn.object.Expected;
import io.cairn.object.Upload;
import io.cairn.object.internal.content.ContentWriter;
import io.cairn.object.internal.content.Received;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Bytes on their way in, and what is to be done with them.
record LogUpload<T>(ContentWriter writer, Function<Received, CompletableFuture<T>> keep) implements Upload<T> {
    @Override
    public void write(ByteBuffer bytes) {
        writer.write(bytes);
    }

    @Override
    public CompletableFuture<T> commit(Expected expected) {
        try {
            return keep.apply(writer.finish(expected));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(Shared.translated(e));
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
