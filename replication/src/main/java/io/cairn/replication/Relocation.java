package io.cairn.replication;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One round of cleaning, as the engine sees it: [#copy] until [#full], then [#sync], then batches that name the copies, then
/// [#settled]; and so on. One thread.
public interface Relocation {
    /// Whether the extent lies in a file that is to be emptied.
    boolean concerns(Extent extent);

    /// Checks the bytes against their checksums and writes them to a file of survivors; waits for its turn at the disk. Null when the extent is
    /// damaged, which is told and keeps its file, when it is no longer there, and when the round [#ended].
    @Nullable
    Extent copy(Extent extent);

    /// The same for a piece of an extent that the engine has read and checked itself: writes it as an extent of its own.
    ///
    /// @param from where it lay
    /// @param payload at most [Extent#MAX_IN_LOG_BYTES]
    @Nullable
    Extent write(Extent from, int kind, ByteBuffer payload);

    /// The same for `length` bytes that can be made only when their place is known: they are asked for before this returns.
    @Nullable
    Extent write(Extent from, int kind, int length, PlacedPayload payload);

    /// Whether as much was copied as should wait for its rows.
    boolean full();

    /// Makes all copies durable. No batch may name a copy before.
    void sync();

    /// The batches that name copies are applied; copies that none named are given up.
    ///
    /// @param batchBytes what the batches took
    void settled(long batchBytes);

    /// What was synced and not [#settled] may be in use although no batch says so: it stays until the log is opened again.
    void keep();

    /// Whether the log is closing: go no further.
    boolean ended();
}
