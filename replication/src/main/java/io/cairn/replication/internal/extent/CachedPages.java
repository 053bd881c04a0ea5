package io.cairn.replication.internal.extent;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.jspecify.annotations.Nullable;

/// A file's bytes where the page cache has them: they are copied once, where a read through a channel copies them twice. Only pages that are in
/// memory are touched, since a thread that waits for a page keeps the whole JVM from its safepoints. Any thread; the file must not become shorter.
final class CachedPages implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment bytes;

    private CachedPages(FileChannel channel) throws IOException {
        bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    }

    /// Null where the file cannot be mapped.
    static @Nullable CachedPages of(FileChannel channel) {
        try {
            return new CachedPages(channel);
        } catch (IOException | UnsupportedOperationException e) {
            return null; // it can be read all the same
        }
    }

    /// How many bytes there are, from the file's begin on.
    long size() {
        return bytes.byteSize();
    }

    /// Fills `into` with the bytes from `at` on, if all of them are in memory. What it got may be anything when the disk failed in this
    /// moment: the caller has checksums. The position of `into` stays.
    boolean copy(long at, ByteBuffer into) {
        int count = into.remaining();
        if (at + count > bytes.byteSize())
            return false;
        try {
            var piece = bytes.asSlice(at, count);
            if (!piece.isLoaded())
                return false;
            MemorySegment.copy(piece, 0, MemorySegment.ofBuffer(into), 0, count);
            return true;
        } catch (InternalError e) {
            return false; // a page went between the look and the copy, and could not be had back
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
