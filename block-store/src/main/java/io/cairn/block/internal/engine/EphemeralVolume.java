package io.cairn.block.internal.engine;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.internal.block.Buffers;
import io.cairn.block.internal.ephemeral.EphemeralFile;
import io.cairn.block.internal.row.VolumeRow;
import io.cairn.replication.StoreFailedException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A volume whose bytes are those of a file that is made anew whenever the store is opened.
final class EphemeralVolume implements RowVolume {
    private final LogBlockStore store;
    private final EphemeralFile file;
    private volatile VolumeRow row;
    private volatile boolean deleted;

    EphemeralVolume(LogBlockStore store, VolumeRow row, EphemeralFile file) {
        this.store = store;
        this.row = row;
        this.file = file;
    }

    @Override
    public VolumeRow row() {
        return row;
    }

    EphemeralFile file() {
        return file;
    }

    /// Under the lock of the maps.
    void become(VolumeRow changed) {
        row = changed;
    }

    /// Under the lock of the maps.
    void deleted() {
        deleted = true;
    }

    /// `BlockRefusedException` when it is deleted.
    void requireStanding() {
        if (deleted)
            throw new BlockRefusedException(Reason.NOT_FOUND, "The volume '" + id() + "' does not exist.");
    }

    static BlockRefusedException unsupported(String what) {
        return new BlockRefusedException(Reason.UNSUPPORTED,
                "An ephemeral volume " + what + ": what it holds lasts only as long as the store is open.");
    }

    @Override
    public long storedBytes() {
        requireStanding();
        return file.storedBytes();
    }

    @Override
    public long uniqueBytes() {
        return storedBytes(); // it shares nothing
    }

    @Override
    public List<Allocation> allocation(long offset, long length, int maxRuns) {
        Objects.checkFromIndexSize(offset, length, sizeBytes());
        requireStanding();
        return file.allocation(offset, length, maxRuns);
    }

    private CompletableFuture<Void> done(long bytes, Runnable action) {
        requireStanding();
        return store.fileAccess().run(bytes, () -> {
            try {
                action.run();
            } catch (StoreFailedException e) {
                requireStanding(); // deleted meanwhile, with its file
                throw e;
            }
        });
    }

    @Override
    public CompletableFuture<Void> read(long offset, ByteBuffer... into) {
        long bytes = Buffers.remaining(into);
        Objects.checkFromIndexSize(offset, bytes, sizeBytes());
        return done(bytes, () -> forEach(offset, into, file::read));
    }

    @Override
    public CompletableFuture<Void> write(long offset, ByteBuffer... from) {
        long bytes = Buffers.remaining(from);
        Objects.checkFromIndexSize(offset, bytes, sizeBytes());
        return done(bytes, () -> forEach(offset, from, file::write));
    }

    @FunctionalInterface
    private interface Access { void at(long offset, ByteBuffer bytes); }

    private static void forEach(long offset, ByteBuffer[] buffers, Access access) {
        long at = offset;
        for (var buffer : buffers) {
            int length = buffer.remaining();
            access.at(at, buffer);
            at += length;
        }
    }

    @Override
    public CompletableFuture<Void> trim(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, sizeBytes());
        return done(length, () -> file.clear(offset, length, State.HOLE));
    }

    @Override
    public CompletableFuture<Void> zero(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, sizeBytes());
        return done(length, () -> file.clear(offset, length, State.ZERO));
    }

    @Override
    public CompletableFuture<Void> flush() {
        return done(0, file::quiesce);
    }

    @Override
    public Snapshot snapshot(SnapshotDefinition definition) {
        throw unsupported("has no snapshots");
    }

    @Override
    public void alter(UnaryOperator<VolumeDefinition> change) {
        store.alter(this, change);
    }

    @Override
    public void delete() {
        store.delete(this);
    }

    @Override
    public String toString() {
        return id();
    }
}
