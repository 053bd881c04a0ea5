package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.object.Bucket;
import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.log.LocalLog;
import io.cairn.replication.testkit.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fails cleaning, here and there or for a while, does not end it.
final class CleaningFailuresTest {
    @TempDir
    Path directory;
    private volatile boolean full;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Sector bad = new Sector("", 0);

    /// A byte that the disk cannot read.
    private record Sector(String name, long at) {}

    /// Makes no file while it is full, and cannot read the bad sector.
    private final class FailingDisk extends ForwardingDisk {
        FailingDisk(Disk disk) {
            super(disk);
        }

        @Override
        protected boolean before(Change change) throws IOException {
            if (full && change == Change.CREATE) {
                refused.incrementAndGet();
                throw new IOException("No space left on device");
            }
            return true;
        }

        @Override
        public DiskFile open(String name, boolean create) throws IOException {
            return new BadFile(name, super.open(name, create));
        }
    }

    private final class BadFile implements DiskFile {
        private final String name;
        private final DiskFile file;

        BadFile(String name, DiskFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            var sector = bad;
            if (sector.name.equals(name) && sector.at >= position && sector.at < position + into.remaining())
                throw new IOException("Input/output error");
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            file.write(bytes, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public @Nullable FileChannel channel() {
            return file.channel();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private LogObjectStore open(Duration period) {
        var options = LogOptions.DEFAULT.withFileBytes(64 << 10)
                .withDisks(place -> place.endsWith("extents") || place.endsWith("log")
                        ? new FailingDisk(Disk.of(place))
                        : Disk.of(place));
        return (LogObjectStore) ObjectStore.open(directory, new ObjectStoreOptions(options, 1000,
                new CleaningOptions(0, 0, 1, 1L << 40, 64 << 10, period)));
    }

    private static byte[] bytes(int seed) {
        var bytes = new byte[20_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Bucket fill(ObjectStore store) {
        var bucket = store.createBucket("bucket");
        for (int i = 0; i < 8; i++)
            bucket.put("key" + i, bytes(i));
        for (int i = 0; i < 8; i += 4)
            bucket.delete("key" + i);
        return bucket;
    }

    private static byte[] read(Bucket bucket, String key) {
        try (var object = bucket.get(key)) {
            return object.readAllBytes();
        }
    }

    private Sector sectorOf(byte[] content) throws IOException {
        var needle = new String(content, 100, 40, StandardCharsets.ISO_8859_1);
        try (var files = Files.list(directory.resolve("0/log"))) {
            for (var file : files.toList()) {
                int at = Files.readString(file, StandardCharsets.ISO_8859_1).indexOf(needle);
                if (at >= 0)
                    return new Sector(file.getFileName().toString(), at);
            }
        }
        throw new AssertionError("it is in no log file");
    }

    /// What cannot be read stays with its file, as what is damaged does; or one sector would end all cleaning, after each start again.
    @Test
    void anExtentThatTheDiskCannotReadStaysAndTheOthersMove() throws IOException {
        try (var store = open(Duration.ofHours(1))) {
            var bucket = fill(store);
            bad = sectorOf(bytes(1));
            ((LocalLog) store.log()).cleanNow();
            var figures = store.cleaning();
            assertEquals(1, figures.damaged().size(), figures::toString);
            assertTrue(figures.copiedBytes() >= 100_000, figures::toString);
            for (int i : new int[]{2, 3, 5, 6, 7})
                assertArrayEquals(bytes(i), read(bucket, "key" + i));
        }
    }

    @Test
    void cleaningGoesOnWhenAFullDiskHasRoomAgain() throws Exception {
        try (var store = open(Duration.ofMillis(2))) {
            var bucket = fill(store);
            full = true;
            ((LocalLog) store.log()).flush();
            await(() -> refused.get() > 0);
            full = false;
            await(() -> store.cleaning().copiedBytes() > 0);
            for (int i : new int[]{1, 2, 3, 5, 6, 7})
                assertArrayEquals(bytes(i), read(bucket, "key" + i));
        }
    }

    private interface Condition { boolean holds(); }

    private static void await(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, "it does not go on");
            Thread.sleep(5);
        }
    }
}
