package io.cairn.replication.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// One open file. Any thread; positions are absolute.
public interface DiskFile extends AutoCloseable {
    /// Writes all that remains in `bytes` at `position`. Durable after [#sync].
    void write(ByteBuffer bytes, long position) throws IOException;

    /// Reads into `into` until it is full or the file ends; returns the count of bytes read.
    int read(ByteBuffer into, long position) throws IOException;

    /// Fills `into`, which is direct memory, if that need not wait for the disk; -1 when it would have to, when the file ends before that, or when nobody can
    /// know: then `into` may hold anything, and its position is the old one. Else the count of bytes read.
    default int readNow(ByteBuffer into, long position) throws IOException {
        return -1;
    }

    /// Begins to take to the disk what was written there, so that [#sync] finds less to wait for. A hint: nothing is durable by it, and what goes wrong is told by
    /// the sync.
    default void startWriting(long position, long length) {}

    long size() throws IOException;

    /// Cuts the file to `size` bytes. Durable after [#sync].
    void truncate(long size) throws IOException;

    /// Makes bytes and size durable (fdatasync).
    void sync() throws IOException;

    /// The file as the kernel knows it, for sending without a copy; null where there is none.
    @Nullable
    FileChannel channel();

    @Override
    void close() throws IOException;
}
