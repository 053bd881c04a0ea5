package io.cairn.block.testkit;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.Difference;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.ArchiveStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A block store that is plainly right: each volume is an array of blocks, each snapshot and clone a copy of one. It remembers what it would have after a
/// crash: what was durable, and the changes since, of which a crash keeps a prefix. One lock for all.
public final class ModelBlockStore implements BlockStore {
    private final Map<String, ModelVolume> volumes = new LinkedHashMap<>();
    private final Map<String, ModelSnapshot> snapshots = new LinkedHashMap<>();
    /// What volumes held at the last flush; snapshots do not change.
    private final Map<String, ModelBlocks> durable = new HashMap<>();
    private final List<Change> since = new ArrayList<>();
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private long made;
    private boolean closed;

    /// One that has what `other` would have after a crash that keeps so many of the changes since the last flush.
    private ModelBlockStore(ModelBlockStore other, int kept) {
        made = other.made;
        other.volumes.forEach((id, volume) -> volumes.put(id, new ModelVolume(this, id, volume.created(), volume.definition(),
                other.durable(id).copy())));
        other.snapshots.forEach((id, snapshot) -> snapshots.put(id, new ModelSnapshot(this, id, snapshot.created(),
                snapshot.volumeId(), snapshot.encrypted(), snapshot.definition(), snapshot.blocks)));
        for (var change : other.since.subList(0, kept))
            change.apply(known(volumes.get(change.volume())).blocks);
        madeDurable();
    }

    public ModelBlockStore() {}

    /// What a crash leaves that keeps the first `kept` of [#changesSinceFlush]. This one is not changed.
    synchronized ModelBlockStore afterCrash(int kept) {
        return new ModelBlockStore(this, kept);
    }

    /// What a crash leaves after which volumes hold this. This one is not changed.
    synchronized ModelBlockStore afterCrash(Map<String, ModelBlocks> found) {
        var after = new ModelBlockStore(this, 0);
        found.forEach((id, blocks) -> known(after.volumes.get(id)).blocks = blocks);
        after.durable.clear();
        after.madeDurable();
        return after;
    }

    /// Everything that there is.
    synchronized ModelBlockStore copy() {
        return new ModelBlockStore(this, since.size());
    }

    synchronized List<Change> changesSinceFlush() {
        return List.copyOf(since);
    }

    /// What a volume held at the last flush.
    synchronized ModelBlocks durable(String volume) {
        return known(durable.get(volume));
    }

    /// All of them, volumes first.
    synchronized List<ModelDevice> devices() {
        var devices = new ArrayList<ModelDevice>(volumes.values());
        devices.addAll(snapshots.values());
        return devices;
    }

    private static <T> T known(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    void requireOpen() {
        if (closed)
            throw new IllegalStateException("this store is closed");
    }

    void change(ModelVolume volume, Change change) {
        change.apply(volume.blocks);
        since.add(change);
    }

    /// All that was done is on disk.
    synchronized void madeDurable() {
        for (var change : since)
            durable.remove(change.volume());
        since.clear();
        durable.keySet().retainAll(volumes.keySet());
        volumes.forEach((id, volume) -> {
            var known = durable.get(id);
            if (known == null || known.sizeBytes() != volume.blocks.sizeBytes())
                durable.put(id, volume.blocks.copy());
        });
    }

    synchronized String newId(String prefix) {
        return prefix + "%017x".formatted(++made);
    }

    synchronized Instant now() {
        return Instant.EPOCH.plusSeconds(made);
    }

    static void checkTags(Map<String, String> tags) {
        if (tags.size() > VolumeDefinition.MAX_TAGS)
            throw new BlockRefusedException(Reason.INVALID, "too many tags: " + tags.size());
    }

    static VolumeDefinition checked(VolumeDefinition definition) {
        checkTags(definition.tags());
        long bytes = definition.sizeBytes();
        if (bytes < 1 || bytes > VolumeDefinition.MAX_BYTES)
            throw new BlockRefusedException(Reason.INVALID, "no size of a volume: " + bytes);
        return definition.withSize(Math.ceilDiv(bytes, BlockDevice.BLOCK_BYTES) * BlockDevice.BLOCK_BYTES);
    }

    /// Makes a volume that was made elsewhere too.
    ///
    /// @param snapshot of any store; null for an empty volume
    synchronized ModelVolume create(String id, Instant created, VolumeDefinition definition, @Nullable Snapshot snapshot) {
        requireOpen();
        var from = snapshot == null ? null : snapshots.get(snapshot.id());
        if (snapshot != null && from != snapshot)
            throw notFound(snapshot.id());
        var checked = checked(from != null && from.encrypted() ? definition.withEncryption(true) : definition);
        if (from != null && checked.encrypted() != from.encrypted())
            throw new BlockRefusedException(Reason.UNSUPPORTED, "it would share plain blocks");
        if (from != null && checked.sizeBytes() < from.sizeBytes())
            throw new BlockRefusedException(Reason.INVALID, "smaller than the snapshot");
        var blocks = from == null ? new ModelBlocks(checked.sizeBytes()) : from.blocks.copy();
        blocks.grow(checked.sizeBytes());
        var volume = new ModelVolume(this, id, created, checked, blocks);
        volumes.put(id, volume);
        madeDurable();
        return volume;
    }

    synchronized ModelSnapshot snapshot(String id, Instant created, ModelVolume volume, SnapshotDefinition definition) {
        volume.requireThere();
        checkTags(definition.tags());
        var snapshot = new ModelSnapshot(this, id, created, volume.id(), volume.encrypted(), definition,
                volume.blocks.copy());
        snapshots.put(id, snapshot);
        madeDurable();
        return snapshot;
    }

    synchronized void remove(ModelDevice device) {
        madeDurable();
        device.deleted = true;
        volumes.remove(device.id());
        snapshots.remove(device.id());
        madeDurable();
    }

    private static BlockRefusedException notFound(String id) {
        return new BlockRefusedException(Reason.NOT_FOUND, id + " does not exist");
    }

    @Override
    public Optional<ArchiveStatus> archiveStatus() {
        return Optional.empty();
    }

    @Override
    public synchronized Volume createVolume(VolumeDefinition definition) {
        return create(newId("vol-"), now(), definition, null);
    }

    @Override
    public synchronized Volume createVolume(VolumeDefinition definition, Snapshot from) {
        return create(newId("vol-"), now(), definition, from);
    }

    @Override
    public synchronized ModelVolume volume(String id) {
        var volume = volumes.get(id);
        if (volume == null)
            throw notFound(id);
        return volume;
    }

    @Override
    public synchronized List<Volume> volumes() {
        return List.copyOf(volumes.values());
    }

    @Override
    public synchronized ModelSnapshot snapshot(String id) {
        var snapshot = snapshots.get(id);
        if (snapshot == null)
            throw notFound(id);
        return snapshot;
    }

    @Override
    public synchronized List<Snapshot> snapshots() {
        return List.copyOf(snapshots.values());
    }

    @Override
    public synchronized List<Difference> changes(BlockDevice from, BlockDevice to, long offset, long length, int maxRuns) {
        if (!(from instanceof ModelDevice one && to instanceof ModelDevice other && one.store == this && other.store == this))
            throw new BlockRefusedException(Reason.INVALID, "a device of another store");
        if (maxRuns < 1)
            throw new IllegalArgumentException("at least one run");
        Objects.checkFromIndexSize(offset, length, Math.max(one.sizeBytes(), other.sizeBytes()));
        one.requireThere();
        other.requireThere();
        var runs = new ArrayList<Difference>();
        for (long at = offset; at < offset + length && runs.size() < maxRuns;) {
            boolean changed = one.blocks.differs(other.blocks, at / BlockDevice.BLOCK_BYTES);
            long end = at;
            while (end < offset + length && one.blocks.differs(other.blocks, end / BlockDevice.BLOCK_BYTES) == changed)
                end = Math.min(offset + length, (end / BlockDevice.BLOCK_BYTES + 1) * BlockDevice.BLOCK_BYTES);
            runs.add(new Difference(end - at, changed));
            at = end;
        }
        return runs;
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return failed;
    }

    /// What it held is still there for [#copy].
    @Override
    public synchronized void close() {
        if (!closed)
            madeDurable();
        closed = true;
    }
}
