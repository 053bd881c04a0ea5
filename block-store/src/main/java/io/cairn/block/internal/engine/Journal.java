package io.cairn.block.internal.engine;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.DataKeyRow;
import io.cairn.block.internal.row.Note;
import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.Batch.Slot;
import io.cairn.replication.Extent;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.Proposed;
import io.cairn.replication.ReplicatedLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// What happened to the block maps and is in no batch yet. A flush proposes one batch with the notes of all volumes and the names of the extents that these
/// say something of: it goes to disk with the extents, in one write and one sync. The log keeps the order, so what a crash leaves is a prefix of what
/// happened.
///
/// Guarded by the lock of the maps.
final class Journal {
    /// A batch with so much is proposed without being asked for, so that none is too large.
    private static final int MAX_NOTE_BYTES = 128 << 10;
    private static final long MAX_EXTENT_BYTES = 32 << 20;

    private final ReplicatedLog log;
    private ByteBuffer notes = ByteBuffer.allocate(4096);
    private final List<Extent> extents = new ArrayList<>();
    /// Data keys that blocks may have been encrypted with already.
    private final List<DataKeyRow> dataKeys = new ArrayList<>();
    private long extentBytes;
    /// What notes since the last checkpoint take.
    private long noteBytes;
    private long lastStamp;
    /// Where notes begin that are proposed at once or not at all; -1 when there are none.
    private int begun = -1;
    /// Completes when all is on disk that was proposed last, and before.
    private CompletableFuture<Applied> durable = CompletableFuture.completedFuture(new Applied(0, 0));

    Journal(ReplicatedLog log) {
        this.log = log;
    }

    /// Appends blocks and gives their address. `io.cairn.replication.OverloadedException`: nothing was done.
    long append(ByteBuffer framed) {
        return appended(log.append(BlockFormat.KIND, framed.duplicate()));
    }

    /// The same for blocks that are encrypted where they will lie.
    long append(int length, PlacedPayload encrypted) {
        return appended(log.append(BlockCipher.KIND, length, encrypted));
    }

    private long appended(Extent extent) {
        extents.add(extent);
        extentBytes += extent.length();
        return extent.address();
    }

    /// The key is on disk no later than whatever is proposed next.
    void add(DataKeyRow key) {
        dataKeys.add(key);
    }

    /// What is added from here on is taken back when the log does not take it.
    void begin() {
        begun = notes.position();
    }

    void add(Note note) {
        if (notes.remaining() < Note.MAX_BYTES)
            notes = ByteBuffer.allocate(2 * notes.capacity()).put(notes.flip());
        note.encode(notes);
    }

    /// Whether so much has come together that it should be proposed.
    boolean isFull() { return notes.position() >= MAX_NOTE_BYTES || extentBytes >= MAX_EXTENT_BYTES; }

    /// Proposes what there is; with nothing, what was proposed last stands for it. `io.cairn.replication.OverloadedException`: nothing was done.
    CompletableFuture<Applied> propose() {
        return isEmpty() ? durable : propose(newBatch());
    }

    /// The same for who calls [#commit] next, when the lock is free again.
    CompletableFuture<Applied> proposeToCommit() {
        return isEmpty() ? durable : propose(newBatch(), log::proposeToCommit);
    }

    /// What [ReplicatedLog#commit] says. Not under the lock.
    void commit() {
        log.commit();
    }

    /// Extents come with notes.
    private boolean isEmpty() { return notes.position() == 0 && dataKeys.isEmpty(); }

    private Batch newBatch() {
        return new Batch(notes.position() + 64 + 16 * extents.size());
    }

    /// The same in one batch with others' rows.
    CompletableFuture<Applied> propose(Batch batch) {
        return propose(batch, log::propose);
    }

    private CompletableFuture<Applied> propose(Batch batch, Function<Batch, Proposed> proposing) {
        if (notes.position() > 0)
            batch.put(BlockSpace.NOTE, new byte[8], Arrays.copyOf(notes.array(), notes.position()), Slot.inKey(0));
        for (var extent : extents)
            batch.addDivided(extent);
        for (var key : dataKeys)
            batch.put(BlockSpace.META, key.key(), key.encode());
        Proposed proposed;
        try {
            proposed = proposing.apply(batch);
        } catch (RuntimeException e) {
            if (begun >= 0)
                notes.position(begun);
            throw e;
        } finally {
            begun = -1;
        }
        lastStamp = proposed.stamp();
        noteBytes += notes.position();
        notes.clear();
        extents.clear();
        dataKeys.clear();
        extentBytes = 0;
        durable = proposed.done();
        return durable;
    }

    long noteBytes() {
        return noteBytes;
    }

    /// Stamp of the last batch; a checkpoint that is cut now has all notes up to it.
    long cut() {
        noteBytes = 0;
        return lastStamp;
    }

    /// Carries notes out that no checkpoint has: the next one that is cut will.
    void replay(long stamp, byte[] row, BlockMaps maps) {
        Note.decode(row, note -> carryOut(note, maps));
        lastStamp = stamp;
        noteBytes += row.length;
    }

    /// `IllegalStateException` when the maps lack what the note names.
    static void carryOut(Note note, BlockMaps maps) {
        switch (note) {
            case Note.Write(int volume, long block, int count, long address) ->
                maps.write(maps.requireHead(volume), block, count, address);
            case Note.Clear(int volume, long block, long count, int value) ->
                maps.clear(maps.requireHead(volume), block, count, value);
            case Note.Create(int volume, long blocks, boolean encrypted) -> maps.create(volume, blocks, encrypted);
            case Note.Snapshot(int volume) -> maps.snapshot(maps.requireHead(volume));
            case Note.Clone(int version, int volume) -> maps.clone(maps.requireVersion(version), volume);
            case Note.Grow(int volume, long blocks) -> maps.grow(maps.requireHead(volume), blocks);
        }
    }
}
