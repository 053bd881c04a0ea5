package io.cairn.replication;

import java.nio.ByteBuffer;

/// Writes one extent into a file of its own, piece by piece. Not thread-safe. Blocks on the disk.
public interface ExtentWriter extends AutoCloseable {
    /// Takes the remaining bytes; at most [Extent#MAX_BYTES] in all.
    void write(ByteBuffer bytes);

    int length();

    /// Makes the bytes durable and gives their address. The file is gone after a crash unless a batch that names it
    /// was applied before.
    Extent finish();

    /// Removes the file unless [#finish] was called; after it, [ReplicatedLog#discard] does.
    @Override
    void close();
}
