package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.internal.block.Buffers;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.block.internal.row.VolumeRow;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A volume and its head.
final class LogVolume implements RowVolume, MappedDevice {
    private final LogBlockStore store;
    private volatile VolumeRow row;
    private volatile @Nullable Version head;

    LogVolume(LogBlockStore store, VolumeRow row, Version head) {
        this.store = store;
        this.row = row;
        this.head = head;
    }

    @Override
    public VolumeRow row() {
        return row;
    }

    /// Null when the volume is deleted.
    @Nullable
    Version head() {
        return head;
    }

    /// Under the lock of the maps.
    void become(VolumeRow newRow, @Nullable Version newHead) {
        row = newRow;
        head = newHead;
    }

    @Override
    public LogBlockStore store() {
        return store;
    }

    @Override
    public Version requireVersion() {
        var version = head;
        if (version == null)
            throw new BlockRefusedException(Reason.NOT_FOUND, "The volume '" + id() + "' does not exist.");
        return version;
    }

    @Override
    public CompletableFuture<Void> write(long offset, ByteBuffer... from) {
        Objects.checkFromIndexSize(offset, Buffers.remaining(from), sizeBytes());
        return store.writes().write(this, offset, from);
    }

    @Override
    public CompletableFuture<Void> trim(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, sizeBytes());
        return store.writes().clear(this, offset, length, BlockMaps.HOLE);
    }

    @Override
    public CompletableFuture<Void> zero(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, sizeBytes());
        return store.writes().clear(this, offset, length, BlockMaps.ZEROS);
    }

    @Override
    public CompletableFuture<Void> flush() {
        return store.writes().flush();
    }

    @Override
    public CompletableFuture<Void> flushHere() {
        return store.writes().flushHere();
    }

    @Override
    public Snapshot snapshot(SnapshotDefinition definition) {
        return store.snapshot(this, definition);
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
