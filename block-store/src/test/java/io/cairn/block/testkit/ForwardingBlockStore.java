package io.cairn.block.testkit;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Difference;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.replication.ArchiveStatus;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A store that does what another one does. Whatever its devices are asked comes through a method of its own, which takes the device of the other store: a
/// planted fault overrides one of them.
class ForwardingBlockStore implements BlockStore {
    final BlockStore right;

    ForwardingBlockStore(BlockStore right) {
        this.right = right;
    }

    CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
        return device.read(offset, into);
    }

    List<Allocation> allocation(BlockDevice device, long offset, long length, int maxRuns) {
        return device.allocation(offset, length, maxRuns);
    }

    CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
        return volume.write(offset, from);
    }

    CompletableFuture<Void> trim(Volume volume, long offset, long length) {
        return volume.trim(offset, length);
    }

    CompletableFuture<Void> zero(Volume volume, long offset, long length) {
        return volume.zero(offset, length);
    }

    CompletableFuture<Void> flush(Volume volume) {
        return volume.flush();
    }

    Snapshot snapshot(Volume volume, SnapshotDefinition definition) {
        return volume.snapshot(definition);
    }

    VolumeDefinition definition(Volume volume) {
        return volume.definition();
    }

    void alter(Volume volume, UnaryOperator<VolumeDefinition> change) {
        volume.alter(change);
    }

    void delete(Volume volume) {
        volume.delete();
    }

    void delete(Snapshot snapshot) {
        snapshot.delete();
    }

    Volume create(VolumeDefinition definition) {
        return right.createVolume(definition);
    }

    Volume clone(VolumeDefinition definition, Snapshot from) {
        return right.createVolume(definition, from);
    }

    @Override
    public final Volume createVolume(VolumeDefinition definition) {
        return new OfVolume(create(definition));
    }

    @Override
    public final Volume createVolume(VolumeDefinition definition, Snapshot from) {
        return new OfVolume(clone(definition, from instanceof OfSnapshot forwarding ? forwarding.snapshot : from));
    }

    @Override
    public Volume volume(String id) {
        return new OfVolume(right.volume(id));
    }

    @Override
    public List<Volume> volumes() {
        return right.volumes().stream().map(volume -> (Volume) new OfVolume(volume)).toList();
    }

    @Override
    public Snapshot snapshot(String id) {
        return new OfSnapshot(right.snapshot(id));
    }

    @Override
    public List<Snapshot> snapshots() {
        return right.snapshots().stream().map(snapshot -> (Snapshot) new OfSnapshot(snapshot)).toList();
    }

    @Override
    public List<Difference> changes(BlockDevice from, BlockDevice to, long offset, long length, int maxRuns) {
        return right.changes(right(from), right(to), offset, length, maxRuns);
    }

    private static BlockDevice right(BlockDevice device) {
        return device instanceof OfDevice of ? of.device : device;
    }

    @Override
    public Optional<ArchiveStatus> archiveStatus() {
        return right.archiveStatus();
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return right.failed();
    }

    @Override
    public void close() {
        right.close();
    }

    private class OfDevice implements BlockDevice {
        private final BlockDevice device;

        OfDevice(BlockDevice device) {
            this.device = device;
        }

        @Override
        public String id() {
            return device.id();
        }

        @Override
        public long sizeBytes() {
            return device.sizeBytes();
        }

        @Override
        public Instant created() {
            return device.created();
        }

        @Override
        public Map<String, String> tags() {
            return device.tags();
        }

        @Override
        public Map<String, String> attributes() {
            return device.attributes();
        }

        @Override
        public boolean encrypted() {
            return device.encrypted();
        }

        @Override
        public long storedBytes() {
            return device.storedBytes();
        }

        @Override
        public long uniqueBytes() {
            return device.uniqueBytes();
        }

        @Override
        public CompletableFuture<Void> read(long offset, ByteBuffer... into) {
            if (into.length == 1)
                return ForwardingBlockStore.this.read(device, offset, into[0]);
            var whole = ByteBuffer.allocate(Joined.of(into).remaining());
            return ForwardingBlockStore.this.read(device, offset, whole).thenRun(() -> Joined.divide(whole.flip(), into));
        }

        @Override
        public List<Allocation> allocation(long offset, long length, int maxRuns) {
            return ForwardingBlockStore.this.allocation(device, offset, length, maxRuns);
        }
    }

    private final class OfVolume extends OfDevice implements Volume {
        private final Volume volume;

        OfVolume(Volume volume) {
            super(volume);
            this.volume = volume;
        }

        @Override
        public VolumeType type() {
            return volume.type();
        }

        @Override
        public CompletableFuture<Void> write(long offset, ByteBuffer... from) {
            if (from.length == 1)
                return ForwardingBlockStore.this.write(volume, offset, from[0]);
            var whole = Joined.of(from);
            for (var each : from)
                each.position(each.limit());
            return ForwardingBlockStore.this.write(volume, offset, whole);
        }

        @Override
        public CompletableFuture<Void> trim(long offset, long length) {
            return ForwardingBlockStore.this.trim(volume, offset, length);
        }

        @Override
        public CompletableFuture<Void> zero(long offset, long length) {
            return ForwardingBlockStore.this.zero(volume, offset, length);
        }

        @Override
        public CompletableFuture<Void> flush() {
            return ForwardingBlockStore.this.flush(volume);
        }

        @Override
        public Snapshot snapshot(SnapshotDefinition definition) {
            return new OfSnapshot(ForwardingBlockStore.this.snapshot(volume, definition));
        }

        @Override
        public VolumeDefinition definition() {
            return ForwardingBlockStore.this.definition(volume);
        }

        @Override
        public void alter(UnaryOperator<VolumeDefinition> change) {
            ForwardingBlockStore.this.alter(volume, change);
        }

        @Override
        public void delete() {
            ForwardingBlockStore.this.delete(volume);
        }
    }

    private final class OfSnapshot extends OfDevice implements Snapshot {
        private final Snapshot snapshot;

        OfSnapshot(Snapshot snapshot) {
            super(snapshot);
            this.snapshot = snapshot;
        }

        @Override
        public String volumeId() {
            return snapshot.volumeId();
        }

        @Override
        public void alter(UnaryOperator<SnapshotDefinition> change) {
            snapshot.alter(change);
        }

        @Override
        public void delete() {
            ForwardingBlockStore.this.delete(snapshot);
        }
    }
}
