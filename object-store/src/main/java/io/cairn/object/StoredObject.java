package io.cairn.object;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An object open for reading: it stays readable, unchanged, until closed, whatever happens to its key. Any number of readers.
public interface StoredObject extends AutoCloseable {
    /// How much [#writeTo] reads at a time.
    int COPY_BYTES = 256 << 10;

    ObjectInfo info();

    /// The bytes `[offset, offset + length)` in pieces, opened one after the other as they are asked for.
    /// `IndexOutOfBoundsException` when the run is not within the object.
    Pieces pieces(long offset, long length);

    /// The same as a stream that checks every byte against its stored checksum.
    InputStream stream(long offset, long length);

    default InputStream stream() {
        return stream(0, info().sizeBytes());
    }

    /// Where the bytes of the `number`th part stand, counted from 1 in the order of completion, or null when there is no such part.
    /// An object written at once is its own first part.
    default @Nullable Run part(int number) {
        if (info().partCount() > 0)
            throw new UnsupportedOperationException("this store does not tell where parts stand");
        return number == 1 ? new Run(0, info().sizeBytes()) : null;
    }

    /// The parts of a multipart object with a number above `afterNumber`, at most `max` of them, numbered in the order of completion from 1
    /// on; none of an object written at once.
    default List<Part> parts(int afterNumber, int max) {
        if (info().partCount() > 0)
            throw new UnsupportedOperationException("this store does not tell its parts");
        return List.of();
    }

    /// The whole object, which must fit in an array.
    byte[] readAllBytes();

    /// Writes the bytes `[offset, offset + length)` to an upload, which it commits and closes. Blocks while it reads, on the calling thread.
    default <T> CompletableFuture<T> writeTo(Upload<T> target, long offset, long length) {
        try (target; InputStream in = stream(offset, length)) {
            var buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(length, 1))];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer))
                target.write(ByteBuffer.wrap(buffer, 0, count));
            return target.commit(new Expected(length, null, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the streams of stored objects throw none
        }
    }

    @Override
    void close();

    /// The bytes `[offset, offset + length)` of an object.
    record Run(long offset, long length) {}

    /// A one-way walk over the pieces of a run. Not thread-safe.
    interface Pieces {
        /// The next piece, or null after the last. May block on the disk.
        @Nullable
        Piece next();
    }

    /// Part of an object's bytes, in memory or in a file. Valid until the next piece is asked for or the [StoredObject] is closed.
    sealed interface Piece {
        long length();

        /// Bytes that were checked against their checksum. Read-only view; do not keep.
        record Bytes(ByteBuffer bytes) implements Piece {
            @Override
            public long length() {
                return bytes.remaining();
            }
        }

        /// Bytes that the kernel may send straight from a file; that file was checked when it was first opened.
        record FileRange(FileChannel file, long position, long length) implements Piece {}
    }
}
