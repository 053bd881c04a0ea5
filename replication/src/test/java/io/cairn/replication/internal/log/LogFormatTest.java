package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Engine;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.Proposed;
import io.cairn.replication.Space;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.testkit.Golden;
import io.cairn.replication.testkit.MemoryDisk;
import io.cairn.replication.testkit.MemoryDisks;
import io.cairn.replication.testkit.Power;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files of the log byte for byte: as they must stay, and with each byte damaged.
@Timeout(600) // of a test that hangs
final class LogFormatTest {
    enum Rows implements Space {
        ONLY
    }

    private static final Group GROUP = new Group(Engine.TEST, 0, List.of(Rows.values()));
    private static final LogFileHeader HEADER = new LogFileHeader(255, 0, 0x300000, 0x1122334455667788L, 0, 0, 1, 5);
    private static final LogOptions SMALL = LogOptions.DEFAULT.withFileBytes(64 << 10);

    @TempDir
    Path directory;

    private static byte[] entry(long epoch, long sequence) {
        var sealed = new Batch().put(Rows.ONLY, new byte[]{(byte) sequence}, new byte[]{(byte) epoch}).seal();
        var out = ByteBuffer.allocate(EntryFormat.length(sealed));
        EntryFormat.encode(GROUP, epoch, sequence, 1_700_000_000_000_000L + 100 * epoch + sequence, sealed, null, out);
        return out.array();
    }

    private static byte[] record(byte kind, byte[] payload, long offset) {
        var out = ByteBuffer.allocate(RecordFormat.recordBytes(payload.length));
        out.put(RecordFormat.HEADER_BYTES, payload);
        RecordFormat.seal(out, 0, payload.length, kind, 4096, HEADER, offset);
        return out.array();
    }

    @Test
    void goldenFileHeader() {
        var encoded = HEADER.encode();
        var bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        assertEquals(HEADER, LogFileHeader.decode(ByteBuffer.wrap(Golden.require("log-file-header-v1", bytes))));
    }

    @Test
    void goldenRecords() throws Exception {
        requireRecord("record-v1-entry", RecordFormat.ENTRY, entry(5, 1));
        requireRecord("record-v1-extent", RecordFormat.EXTENT, new byte[]{1, 2, 3, 4, 5});
        requireRecord("record-v1-mark", RecordFormat.MARK, new byte[0]);
    }

    private static void requireRecord(String name, byte kind, byte[] payload) throws Exception {
        var bytes = Golden.require(name, record(kind, payload, LogFileHeader.RECORDS_AT));
        var file = new MemoryDisk(new Power()).open("file", true);
        file.write(ByteBuffer.wrap(bytes), LogFileHeader.RECORDS_AT);
        var scanner = new LogScanner(file, HEADER, "file", LogFileHeader.RECORDS_AT);
        var found = scanner.next();
        if (kind == RecordFormat.MARK) {
            assertNull(found);
            return;
        }
        assertNotNull(found);
        var read = new byte[found.payload().remaining()];
        found.payload().get(read);
        assertArrayEquals(payload, read);
        assertEquals(kind, found.kind());
    }

    private void assertRefused(String what, byte[]... entries) throws Exception {
        var disks = new MemoryDisks();
        long at = LogFileHeader.RECORDS_AT;
        long last = at;
        try (var file = disks.disk(directory.resolve("log")).open(FileNames.of(Home.LOG, HEADER.number()), true)) {
            file.write(HEADER.encode(), 0);
            for (var entry : entries) {
                file.write(ByteBuffer.wrap(record(RecordFormat.ENTRY, entry, at)), at);
                last = at;
                at += RecordFormat.recordBytes(entry.length);
            }
        }
        var refused = assertThrows(CorruptLogException.class,
                () -> LocalLog.open(directory, GROUP, SMALL.withDisks(disks), CommitListener.NONE));
        assertTrue(refused.toString().contains(what), refused.toString());
        assertTrue(refused.toString().contains(FileNames.of(Home.LOG, HEADER.number()) + " at byte " + last), refused.toString());
    }

    @Test
    void aStaleEpochOrAGapInTheLogIsRefusedAndNamed() throws Exception {
        assertRefused("epoch 4 after one of epoch 5", entry(5, 1), entry(4, 1));
        assertRefused("epoch 4 after one of epoch 5", entry(5, 1), entry(4, 2));
        assertRefused("where 2 is due", entry(5, 1), entry(5, 3));
        assertRefused("where 2 is due", entry(5, 1), entry(5, 1));
        assertRefused("where 1 is due", entry(5, 1), entry(6, 2));
        assertRefused("where 1 is due", entry(5, 2));
    }

    @Test
    void everyFlippedByteIsRefusedAndNamedOrCostsNothing() throws Exception {
        var disks = new MemoryDisks();
        LogOptions.Disks same = path -> disks.disk(Path.of(String.valueOf(path.getFileName())));
        var content = new byte[40];
        Arrays.fill(content, (byte) 7);
        var extents = new ArrayList<Extent>();
        for (int start = 0; start < 2; start++) {
            var log = LocalLog.open(directory.resolve("first-" + start), GROUP, SMALL.withDisks(same), CommitListener.NONE);
            for (int i = 1; i <= 2; i++) {
                var extent = log.append(1, ByteBuffer.wrap(content));
                extents.add(extent);
                log.propose(new Batch().put(Rows.ONLY, new byte[]{(byte) (2 * start + i)}, content).addExtent(extent)).done()
                        .join();
            }
            Thread.sleep(50); // the mark follows the last answer
            log.crash();
        }
        var log = disks.disk(Path.of("log"));
        int refused = 0;
        int harmless = 0;
        int place = 0;
        for (var name : log.list()) {
            int end = end(log.bytes(name));
            for (int at = 0; at < end + 64; at = at < LogFileHeader.BYTES || at >= LogFileHeader.RECORDS_AT - 1
                    ? at + 1
                    : Math.min(at + 487, LogFileHeader.RECORDS_AT)) {
                log.damage(name, at, 1 << at % 8);
                var frozen = copy(disks);
                if (opensWhole(directory.resolve("flip-" + place), frozen, extents, content, name)) {
                    harmless++;
                    place++; // its store has gone on: the next try needs another
                } else
                    refused++;
                log.damage(name, at, 1 << at % 8);
            }
        }
        System.out.println("flipped bytes: " + refused + " refused, " + harmless + " harmless");
        assertTrue(refused > 2 * (LogFileHeader.BYTES + 2 * (RecordFormat.HEADER_BYTES * 2 + 150)), "refused " + refused);
        assertTrue(harmless < 350, "harmless " + harmless);
    }

    /// Where the last record that is not a mark ends.
    private static int end(byte[] file) {
        int end = file.length;
        while (end > LogFileHeader.RECORDS_AT && file[end - 1] == 0)
            end--;
        return end;
    }

    private static MemoryDisks copy(MemoryDisks disks) throws Exception {
        var copy = new MemoryDisks();
        for (var kind : new String[]{"log", "extents"})
            for (var name : disks.disk(Path.of(kind)).list())
                try (var file = copy.disk(Path.of(kind)).open(name, true)) {
                    file.write(ByteBuffer.wrap(disks.disk(Path.of(kind)).bytes(name)), 0);
                }
        return copy;
    }

    private static boolean opensWhole(Path place, MemoryDisks disks, List<Extent> extents, byte[] content, String damaged) {
        LogOptions.Disks same = path -> disks.disk(Path.of(String.valueOf(path.getFileName())));
        try {
            var log = LocalLog.open(place, GROUP, SMALL.withDisks(same), CommitListener.NONE);
            try {
                for (int key = 1; key <= 4; key++)
                    assertArrayEquals(content, log.store().get(Rows.ONLY, new byte[]{(byte) key}), damaged);
                for (var extent : extents)
                    try (var opened = log.open(extent)) {
                        assertNotNull(opened);
                        assertEquals(ByteBuffer.wrap(content), opened.read(0, content.length));
                    }
            } finally {
                log.crash();
            }
            return true;
        } catch (CorruptLogException e) {
            assertTrue(String.valueOf(e.getMessage()).contains(".log at byte "), e.toString());
            return false;
        }
    }

    @Test
    void whatWaitsForTheDiskIsBounded() throws Exception {
        var disks = new MemoryDisks();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var log = LocalLog.open(directory, GROUP, SMALL.withPendingBytes(100_000).withDisks(disks), CommitListener.NONE)) {
            disks.power().watch((operation, _) -> {
                if (operation.equals("sync")) {
                    held.countDown();
                    try {
                        assertTrue(release.await(30, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
            var accepted = new ArrayList<Proposed>();
            accepted.add(log.propose(new Batch().put(Rows.ONLY, new byte[]{0}, new byte[30_000])));
            assertTrue(held.await(30, TimeUnit.SECONDS));
            for (int i = 1; i <= 2; i++)
                accepted.add(log.propose(new Batch().put(Rows.ONLY, new byte[]{(byte) i}, new byte[30_000])));
            assertThrows(OverloadedException.class,
                    () -> log.propose(new Batch().put(Rows.ONLY, new byte[]{3}, new byte[30_000])));
            assertThrows(OverloadedException.class, () -> log.append(1, ByteBuffer.wrap(new byte[30_000])));
            release.countDown();
            for (int i = 0; i < 3; i++)
                assertEquals(i + 1, accepted.get(i).done().join().index());
            assertEquals(4, log.propose(new Batch().put(Rows.ONLY, new byte[]{3}, new byte[30_000])).done().join().index());
            assertThrows(IllegalArgumentException.class,
                    () -> log.append(1, ByteBuffer.wrap(new byte[Extent.MAX_IN_LOG_BYTES + 1])));
        }
    }
}
