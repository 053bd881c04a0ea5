package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.internal.map.Version;
import io.cairn.block.internal.row.SnapshotRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A snapshot and its version.
final class LogSnapshot implements Snapshot, MappedDevice {
    private final LogBlockStore store;
    private final boolean encrypted;
    private volatile SnapshotRow row;
    private volatile @Nullable Version version;

    LogSnapshot(LogBlockStore store, SnapshotRow row, Version version) {
        this.store = store;
        this.row = row;
        this.version = version;
        encrypted = version.encryptionRoot() != 0;
    }

    SnapshotRow row() {
        return row;
    }

    @Override
    public LogBlockStore store() {
        return store;
    }

    @Override
    public Version requireVersion() {
        var found = version;
        if (found == null)
            throw new BlockRefusedException(Reason.NOT_FOUND, "The snapshot '" + id() + "' does not exist.");
        return found;
    }

    /// Under the lock of the maps.
    void become(SnapshotRow changed) {
        row = changed;
    }

    void deleted() {
        version = null;
    }

    @Override
    public String id() {
        return row.id();
    }

    @Override
    public String volumeId() {
        return row.volumeId();
    }

    @Override
    public long sizeBytes() {
        return row.sizeBytes();
    }

    @Override
    public Instant created() {
        return Instant.EPOCH.plus(row.createdMicros(), ChronoUnit.MICROS);
    }

    @Override
    public Map<String, String> tags() {
        return row.definition().tags();
    }

    @Override
    public Map<String, String> attributes() {
        return row.definition().attributes();
    }

    @Override
    public boolean encrypted() {
        return encrypted;
    }

    @Override
    public void alter(UnaryOperator<SnapshotDefinition> change) {
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
