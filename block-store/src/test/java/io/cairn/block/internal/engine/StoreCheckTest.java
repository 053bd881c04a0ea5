package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.Note;
import io.cairn.block.internal.row.SnapshotRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The check of a store that is not open tells rows that are missing, are none, or belong to nothing.
class StoreCheckTest {
    private static final int BLOCK = BlockDevice.BLOCK_BYTES;
    @TempDir
    Path directory;
    private String volumeId = "";
    private String snapshotId = "";

    /// What damages the rows of an open store.
    @FunctionalInterface
    private interface Harm { Batch of(LogBlockStore store, Volume volume, Snapshot snapshot); }

    /// A volume with a snapshot in the middle of its life, both in a checkpoint, and writes behind that.
    private List<String> told(Harm harm) {
        damage(harm);
        return told();
    }

    private void damage(Harm harm) {
        damaged(store -> {
            var volume = store.createVolume(VolumeDefinition.of(64 << 20));
            write(volume, 0, 700);
            var snapshot = volume.snapshot(SnapshotDefinition.UNNAMED);
            write(volume, 600, 200);
            store.tend();
            write(volume, 5000, 10);
            volume.flush().join();
            volumeId = volume.id();
            snapshotId = snapshot.id();
            return harm.of(store, volume, snapshot);
        });
    }

    /// The log is closed below the store, so that all rows are on the disk and no checkpoint makes new ones of them.
    private void damaged(Function<LogBlockStore, Batch> harm) {
        var store = LogBlockStore.open(directory, BlockStoreOptions.DEFAULT, false);
        var batch = harm.apply(store);
        if (!batch.isEmpty())
            store.log().propose(batch).done().join();
        store.log().close();
        assertThrows(RuntimeException.class, store::close, "its checkpoint found an open log");
    }

    private static Batch withoutNotes() {
        return new Batch().deleteRange(BlockSpace.NOTE, new byte[0], ByteBuffer.allocate(9).putLong(-1).array());
    }

    private List<String> told() {
        var told = new ArrayList<String>();
        var report = BlockStore.check(directory, damage -> told.add(damage.toString()));
        assertEquals(told.size(), report.damages());
        return told;
    }

    private static void write(Volume volume, int block, int count) {
        var bytes = new byte[count * BLOCK];
        Arrays.fill(bytes, (byte) 7);
        volume.write((long) block * BLOCK, ByteBuffer.wrap(bytes)).join();
    }

    private static void contains(String text, List<String> told) {
        assertTrue(told.stream().anyMatch(damage -> damage.contains(text)), () -> text + " is not told, but " + told);
    }

    private static List<byte[]> keys(LogBlockStore store, BlockSpace space) {
        var keys = new ArrayList<byte[]>();
        try (var rows = store.log().store().scan(space, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                keys.add(rows.key());
        }
        return keys;
    }

    private static byte[] key(int version) {
        return ByteBuffer.allocate(4).putInt(version).array();
    }

    @Test
    void nothingIsToldOfAStoreThatIsWhole() {
        assertEquals(List.of(), told((_, _, _) -> new Batch()));
    }

    @Test
    void aVolumeWithoutAHeadIsTold() {
        var told = told((_, volume, _) -> withoutNotes().delete(BlockSpace.VERSION,
                key(((LogVolume) volume).requireVersion().id())));
        contains("the block map of " + volumeId + " is missing", told);
    }

    /// Nothing but its row is left of the volume: no node, no byte that would say so otherwise.
    @Test
    void aVolumeOfWhichOnlyTheRowIsLeftIsTold() {
        damaged(store -> {
            volumeId = store.createVolume(VolumeDefinition.of(64 << 20)).id();
            return withoutNotes();
        });
        assertEquals(1, told().size());
        contains("the block map of " + volumeId + " is missing", told());
    }

    @Test
    void aSnapshotWithoutAVersionIsTold() {
        contains("which is missing", told((_, _, snapshot) -> new Batch().delete(BlockSpace.VERSION,
                key(((LogSnapshot) snapshot).requireVersion().id()))));
    }

    @Test
    void aSnapshotOfAVersionThatIsNotThereIsTold() {
        var told = told((_, _, snapshot) -> {
            var row = ((LogSnapshot) snapshot).row();
            return new Batch().put(BlockSpace.META, row.key(),
                    new SnapshotRow(row.id(), 4711, row.volumeId(), row.sizeBytes(), row.createdMicros(), row.definition())
                            .encode());
        });
        assertEquals(1, told.size(), told::toString);
        contains("the block map of " + snapshotId + " is missing", told);
    }

    @Test
    void aNodeThatIsMissingIsTold() {
        contains("node", told((store, _, _) -> new Batch().delete(BlockSpace.NODE, keys(store, BlockSpace.NODE).getFirst())));
    }

    @Test
    void aNodeThatBelongsToNothingIsTold() {
        contains("belongs to no version", told((_, _, _) -> new Batch().put(BlockSpace.NODE,
                ByteBuffer.allocate(8).putLong(1 << 20).array(), new byte[8])));
    }

    @Test
    void aRowThatIsNoneIsTold() {
        contains("row is none", told((store, _, _) -> new Batch().put(BlockSpace.META, keys(store, BlockSpace.META).stream()
                .filter(SnapshotRow::isSnapshot).findFirst().orElseThrow(), new byte[]{1, 2, 3})));
    }

    @Test
    void notesThatAreMissingAreTold() {
        contains("are counted as alive", told((store, _, _) -> new Batch().delete(BlockSpace.NOTE,
                keys(store, BlockSpace.NOTE).getLast())));
    }

    @Test
    void aNoteOfAVolumeThatIsNotThereIsTold() {
        var note = ByteBuffer.allocate(64);
        new Note.Grow(4711, 5).encode(note);
        contains("4711",
                told((_, _, _) -> new Batch().put(BlockSpace.NOTE, ByteBuffer.allocate(8).putLong(Long.MAX_VALUE).array(),
                        Arrays.copyOf(note.array(), note.position()))));
    }
}
