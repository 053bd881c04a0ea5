package io.cairn.bench.volumes;

import io.cairn.block.BlockStore;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import java.nio.ByteBuffer;

/// Snapshots by the library, in this process.
final class EmbeddedSnapshots extends SnapshotTarget {
    private final BlockStore store;
    private final Volume volume;

    /// @param store stays open as long as this is used
    EmbeddedSnapshots(BlockStore store, Shape shape) {
        super(shape, "Volume.snapshot, or CreateSnapshot");
        this.store = store;
        volume = store.createVolume(VolumeDefinition.of(shape.bytes()));
    }

    @Override
    Session open() {
        return new Session() {
            @Override
            public void write(long offset, byte[] block) {
                volume.write(offset, ByteBuffer.wrap(block)).join();
            }

            @Override
            public String snapshot() {
                return volume.snapshot(SnapshotDefinition.UNNAMED).id();
            }

            @Override
            public byte[] read(String snapshot, long offset) {
                var block = ByteBuffer.allocate(4096);
                store.snapshot(snapshot).read(offset, block).join();
                return block.array();
            }

            @Override
            public void delete(String snapshot) {
                store.snapshot(snapshot).delete();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean embedded() {
        return true;
    }

    @Override
    public long cpuNanos() {
        return EmbeddedVolume.processCpuNanos();
    }

    @Override
    public void close() {}
}
