package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.Space;
import io.cairn.replication.Store.Range;
import io.cairn.replication.testkit.Crash;
import io.cairn.replication.testkit.MemoryDisks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// A log with an archive under a random workload, and beside it what each of its states was: rows, and the bytes of live extents. The log's
/// disks are in memory, so that their power can be cut; the archive is a directory, durable by itself.
final class ArchivedHistory implements AutoCloseable {
    enum Rows implements Space {
        LEFT, RIGHT
    }

    static final Group GROUP = new Group(Engine.TEST, 0, List.of(Rows.values()));
    private static final int VERSION = 1;

    /// All that a log holds: rows by space and key, and checksums of extents by address.
    record State(Map<String, String> rows, Map<Extent, Integer> extents) {}

    private final Path directory;
    private final Archive archive;
    private final SplittableRandom random;
    private final LogOptions options;
    private MemoryDisks disks = new MemoryDisks();
    private LocalLog log;
    private final TreeMap<String, String> rows = new TreeMap<>();
    private final LinkedHashMap<Extent, byte[]> live = new LinkedHashMap<>();
    /// By stamp: what was there after the batch of that stamp.
    final TreeMap<Long, State> states = new TreeMap<>();
    private int restores;

    ArchivedHistory(Path directory, Archive archive, long seed) {
        this(directory, archive, seed, ArchiveOptions.to(archive).withSegmentBytes(16 << 10).withInterval(Duration.ofMillis(20))
                .withCheckpoints(400_000, Duration.ofDays(1)));
    }

    ArchivedHistory(Path directory, Archive archive, long seed, ArchiveOptions archiving) {
        this.directory = directory;
        this.archive = archive;
        this.random = new SplittableRandom(seed);
        this.options = LogOptions.DEFAULT.withFileBytes(64 << 10 << random.nextInt(3)).withFlushBytes(100_000)
                .withRandom(random.split()).withArchive(archiving);
        this.log = open();
    }

    private LocalLog open() {
        return LocalLog.open(directory.resolve("log"), GROUP, options.withDisks(disks), CommitListener.NONE);
    }

    LocalLog log() {
        return log;
    }

    void steps(int count) {
        for (int i = 0; i < count; i++)
            step();
    }

    /// Changes alone, of all kinds.
    void rowsAndExtents(int count) {
        for (int i = 0; i < count; i++) {
            rows();
            extent(random.nextInt(30_000));
            extent(300_000 + random.nextInt(50_000));
            drop();
        }
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0 -> log.flush();
            case 1 -> crash();
            case 2 -> powerCut();
            case 3 -> log.archiveNow();
            case 4 -> drop();
            case 5 -> extent(300_000 + random.nextInt(50_000));
            case 6 -> bulk();
            case 7, 8, 9, 10 -> extent(random.nextInt(30_000));
            case 11 -> lateNaming();
            case 12 -> {
                log.close();
                log = open();
            }
            default -> rows();
        }
    }

    void crash() {
        log.crash();
        log = open();
    }

    private void powerCut() {
        disks.power().cut();
        Crash.crash(log);
        disks = disks.powerCut(random);
        log = open();
    }

    private void rows() {
        var batch = new Batch();
        var changed = new TreeMap<String, String>();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            var key = "k" + random.nextInt(30);
            var value = bytes(random.nextInt(2000));
            batch.put(Rows.LEFT, key.getBytes(StandardCharsets.US_ASCII), value);
            changed.put("LEFT " + key, crc(value) + "");
        }
        propose(batch, changed);
    }

    private void extent(int length) {
        var content = bytes(length);
        var extent = write(content);
        named(extent, content);
    }

    /// What a checkpoint between the two must have.
    private void lateNaming() {
        var content = bytes(5000);
        var extent = log.append(1, ByteBuffer.wrap(content));
        var large = bytes(300_000);
        var own = write(large);
        rows();
        log.checkpoint(directory.resolve("other-" + random.nextLong()));
        rows();
        named(extent, content);
        named(own, large);
    }

    private void named(Extent extent, byte[] content) {
        var key = "x" + random.nextInt(10);
        live.put(extent, content);
        propose(new Batch().put(Rows.RIGHT, key.getBytes(StandardCharsets.US_ASCII), content.length > 5 ? bytes(3) : content)
                .addExtent(extent), null);
        rows.put("RIGHT " + key, "?");
        remember();
    }

    private Extent write(byte[] content) {
        if (content.length <= Extent.MAX_IN_LOG_BYTES)
            return log.append(1, ByteBuffer.wrap(content));
        try (var writer = log.newExtent(1)) {
            writer.write(ByteBuffer.wrap(content));
            return writer.finish();
        }
    }

    private void drop() {
        if (live.isEmpty())
            return;
        var extents = new ArrayList<>(live.keySet());
        var batch = new Batch();
        for (int i = random.nextInt(1, 4); i > 0 && !extents.isEmpty(); i--) {
            var extent = extents.remove(random.nextInt(extents.size()));
            batch.dropExtent(extent);
            live.remove(extent);
        }
        propose(batch, new TreeMap<>());
    }

    private void bulk() {
        var value = bytes((1 << 20) + random.nextInt(1000));
        var content = bytes(3000);
        var extent = log.append(1, ByteBuffer.wrap(content));
        live.put(extent, content);
        var changed = new TreeMap<String, String>();
        changed.put("LEFT bulk", crc(value) + "");
        propose(new Batch().put(Rows.LEFT, "bulk".getBytes(StandardCharsets.US_ASCII), value).addExtent(extent), changed);
    }

    private long lastStamp;

    private void propose(Batch batch, @org.jspecify.annotations.Nullable Map<String, String> changed) {
        lastStamp = log.propose(batch).done().join().stamp();
        if (changed == null)
            return;
        rows.putAll(changed);
        remember();
    }

    /// What the log holds now is what the model says, and what a restore to now must give.
    private void remember() {
        var now = state(log, live.keySet());
        rows.forEach((key, value) -> {
            if (!value.equals("?"))
                assertEquals(value, now.rows().get(key), key);
        });
        live.forEach((extent, content) -> assertEquals(crc(content), now.extents().get(extent), extent::toString));
        states.put(lastStamp, now);
    }

    static State state(LocalLog log, Iterable<Extent> extents) {
        var rows = new TreeMap<String, String>();
        for (var space : Rows.values())
            try (var cursor = log.store().scan(space, new Range(new byte[0], null))) {
                for (cursor.seekToFirst(); cursor.valid(); cursor.next())
                    rows.put(space + " " + new String(cursor.key(), StandardCharsets.US_ASCII), crc(cursor.value()) + "");
            }
        var contents = new LinkedHashMap<Extent, Integer>();
        for (var extent : extents)
            try (var content = log.open(extent)) {
                assertNotNull(content, () -> extent + " is missing");
                var read = content.read(0, extent.length());
                var bytes = new byte[read.remaining()];
                read.get(bytes);
                contents.put(extent, crc(bytes));
            }
        return new State(rows, contents);
    }

    /// Restores to a stamp and compares with what was there then.
    void requireRestored(long stamp) throws IOException {
        var into = directory.resolve("restored-" + ++restores);
        var restored = Restore.engine(archive, GROUP, VERSION, new Target.At(stamp), OptionalLong.empty(), into);
        var expected = states.floorEntry(stamp);
        assertEquals(expected == null ? restored.stamp() : Math.max(expected.getKey(), restored.stamp()), restored.stamp());
        var wanted = expected == null ? new State(Map.of(), Map.of()) : expected.getValue();
        try (var other = LocalLog.open(into.resolve("0"), GROUP, LogOptions.DEFAULT.withFileBytes(64 << 10),
                CommitListener.NONE)) {
            assertEquals(wanted, state(other, wanted.extents().keySet()),
                    () -> "restored to " + stamp + ": " + restored + "; states " + states.floorKey(stamp) + ", "
                            + states.higherKey(stamp));
            other.propose(new Batch().put(Rows.LEFT, new byte[]{1}, new byte[1])).done().join();
        }
        delete(into);
    }

    /// All windows hold together: the last archived stamp.
    long archived() {
        log.archiveNow();
        return Restore.windows(archive, GROUP).getLast().to();
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static void delete(Path place) throws IOException {
        try (var paths = Files.walk(place)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.delete(path);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
