package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.Note;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Extent;
import io.cairn.replication.LogOptions;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.log.LocalLog;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cleaning moves blocks of two places at once, and the leaf of the second cannot be read; and checkpoints that end before they change the maps, or while they do.
final class FailedMoveTest {
    private static final int VOLUME = 1;
    private static final long BLOCKS = 2048; // of four leaves
    private static final int RUN = 20;
    private static final long[] PLACES = {0, 512};
    private static final CleaningOptions EVERYTHING = new CleaningOptions(0.02, 0.01, 1, 1L << 40, 32 << 20, Duration.ofHours(1));
    private final Path directory;
    private final List<Throwable> told = new ArrayList<>();
    private final ReentrantLock lock;
    private final BlockMaps maps = new BlockMaps(this::row);
    private final LocalLog log;
    private final Journal journal;
    private final BlockReader reader;
    private final Checkpointer checkpointer;
    private final Version head;
    private boolean forgetful;
    /// Row that cannot be read, at which of its readings, and how often it was read.
    private long damaged = -1;
    private int failing;
    private int readings;
    private long lastRow;

    FailedMoveTest(@TempDir Path directory) {
        this.directory = directory;
        lock = maps.lock();
        log = LocalLog.open(directory, BlockSpace.group(0), LogOptions.DEFAULT.withClock(this::now), CommitListener.NONE);
        journal = new Journal(log);
        var keys = new DataKeys(null, _ -> null, BlockCipher::new);
        reader = new BlockReader(log, maps, new Unwritten(1 << 20, new Frames()), keys);
        checkpointer = new Checkpointer(maps, journal, log, told::add);
        log.clean(new Cleaning(maps, reader, checkpointer, new Keyring(keys, journal, lock), this::forget), EVERYTHING);
        lock.lock();
        try {
            head = maps.create(VOLUME, BLOCKS);
            journal.add(new Note.Create(VOLUME, BLOCKS, false));
        } finally {
            lock.unlock();
        }
    }

    @AfterEach
    void close() {
        reader.close();
        log.close();
    }

    private byte @Nullable [] row(long id) {
        lastRow = id;
        if (id == damaged && ++readings == failing)
            throw new IllegalStateException("row " + id + " cannot be read");
        return log.store().get(BlockSpace.NODE, Checkpointer.nodeKey(id));
    }

    /// A stamp is asked for when notes are proposed: in a checkpoint in the hold of the lock in which it changes the maps.
    private Instant now() {
        if (forgetful && lock.isHeldByCurrentThread())
            forget();
        return Instant.now();
    }

    /// Lets go of all nodes whose rows are durable.
    private void forget() {
        lock.lock();
        try {
            for (int i = 0; i < 4; i++) // a node is used, then idle; a root goes when nothing below it is left
                maps.sweep(0, checkpointer.durable());
        } finally {
            lock.unlock();
        }
    }

    private static byte[] content(long block) {
        return ByteBuffer.allocate(BlockFormat.DATA_BYTES).putLong(block).array();
    }

    private void write(long block, int count) {
        var framed = ByteBuffer.allocate(count * BlockFormat.BYTES);
        for (int i = 0; i < count; i++) {
            framed.put(i * BlockFormat.BYTES + BlockFormat.HEADER_BYTES, content(block + i));
            BlockFormat.seal(framed, i * BlockFormat.BYTES, VOLUME, block + i);
        }
        lock.lock();
        try {
            long address = journal.append(framed);
            maps.write(head, block, count, address);
            journal.add(new Note.Write(VOLUME, block, count, address));
        } finally {
            lock.unlock();
        }
    }

    private void assertStored() {
        for (long place : PLACES)
            for (int i = 0; i < RUN; i++) {
                long block = place + i;
                long address = maps.address(head, block);
                var home = Extent.at(address, BlockFormat.BYTES).home();
                var file = directory.resolve(home == Extent.Home.LOG ? "log" : "extents")
                        .resolve(FileNames.of(home, Extent.fileAt(address)));
                assertTrue(Files.exists(file), () -> "the file of block " + block + " is gone: " + file);
                var data = ByteBuffer.allocate(BlockFormat.DATA_BYTES);
                reader.read("vol", head, block * BlockFormat.DATA_BYTES, data);
                assertEquals(ByteBuffer.wrap(content(block)), data.flip(), "block " + block);
            }
    }

    private List<String> files() throws Exception {
        try (var names = Files.list(directory.resolve("extents"))) {
            return names.map(Path::getFileName).map(Path::toString).toList();
        }
    }

    /// The first reading is that of the walk which copies, the second goes before the checkpoint, the third is in the hold of the lock that changes the maps.
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aLeafThatCannotBeReadLeavesAllPlacesAsTheyWere(int reading) throws Exception {
        for (long place : PLACES) {
            write(place, RUN);
            write(place, RUN / 2); // so that a part of the file is given up
        }
        var _ = checkpointer.run();
        forget();
        long before = maps.address(head, 512);
        damaged = lastRow;
        failing = reading;
        forget();
        lock.lock();
        try {
            journal.add(new Note.Clear(VOLUME, 1024, 1, (int) BlockMaps.HOLE));
        } finally {
            lock.unlock();
        }
        forgetful = true;
        var failure = assertThrows(IllegalStateException.class, log::cleanNow);
        assertEquals("row " + damaged + " cannot be read", failure.getMessage());
        assertEquals(reading, readings);
        log.flush();
        assertStored();
        assertEquals(before, maps.address(head, 512), "where it was");
        assertEquals(List.of(), files(), "the copies are thrown away");
        assertFalse(checkpointer.hasFailed());
        assertTrue(log.cleanNow(), "a file was emptied");
        log.flush();
        assertStored();
        assertEquals(1, files().size(), "the copies");
        assertEquals(List.of(), told);
    }

    @Test
    void aCheckpointThatFailsWhileItChangesTheMapsIsTheLast() {
        write(0, RUN);
        var changes = new AtomicInteger();
        var cause = new OverloadedException("in the midst of it");
        assertSame(cause, assertThrows(OverloadedException.class, () -> checkpointer.run(() -> () -> {
            if (changes.incrementAndGet() == 1)
                throw cause;
        }, _ -> {
            // no other rows
        })));
        assertEquals(1, changes.get(), "not once more over what it has changed");
        assertTrue(checkpointer.hasFailed());
        assertEquals(List.of(cause), told);
        assertThrows(StoreFailedException.class, checkpointer::run);
    }

    @Test
    void oneThatFailsBeforeChangesNothing() {
        write(0, RUN);
        assertThrows(IllegalStateException.class, () -> checkpointer.run(() -> {
            throw new IllegalStateException("there is nothing to change");
        }, _ -> {
            // no other rows
        }));
        assertFalse(checkpointer.hasFailed());
        assertTrue(checkpointer.run() > 0, "what was written is still to be cut");
        assertEquals(List.of(), told);
    }
}
