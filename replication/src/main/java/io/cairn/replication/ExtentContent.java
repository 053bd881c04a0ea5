package io.cairn.replication;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// An extent open for reading. The bytes stay until this is closed, whatever happens to what named them. Any thread.
public interface ExtentContent extends AutoCloseable {
    Extent extent();

    /// Reads `[from, from + length)` of the payload, checked against its checksums. [CorruptLogException] names what is wrong.
    ByteBuffer read(int from, int length);

    /// Reads as many bytes as remain in `into`, from `from` on; as [#read(int, int)], without a buffer of its own.
    default void read(int from, ByteBuffer into) {
        into.put(read(from, into.remaining()));
    }

    /// Checks the blocks that hold `[from, from + length)` unless that was done since the file was opened, and gives the file that
    /// the kernel may send them from, at [Extent#offset] `+ from`; null where the disk has no such thing.
    @Nullable
    FileChannel verified(int from, int length);

    @Override
    void close();
}
