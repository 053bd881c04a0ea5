package io.cairn.bench.volumes;

import io.cairn.bench.score.Entrant;
import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The block store as a library.
final class CairnEmbedded extends EmbeddedVolume {
    static final String NAME = "Cairn embedded";
    private final BlockStore store;
    private final Volume volume;

    CairnEmbedded(Path directory, long bytes) {
        super(bytes);
        store = BlockStore.open(directory);
        volume = store.createVolume(VolumeDefinition.of(bytes));
    }

    @Override
    public Entrant entrant() {
        return new Entrant(NAME, "of this checkout",
                "a flush is on disk (fdatasync) before it completes; a crash leaves a prefix of the writes",
                "BlockStore.open(directory)");
    }

    @Override
    void read(long offset, ByteBuffer block) {
        volume.read(offset, block).join();
    }

    @Override
    void write(long offset, ByteBuffer block) {
        volume.write(offset, block).join();
    }

    @Override
    void flush() {
        volume.flushHere().join(); // as FileChannel.force: the caller waits
    }

    @Override
    public void close() {
        store.close();
    }
}
