package io.cairn.server.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Images of disks that are in memory, written and read again.
class ImageFormatTest {
    @TempDir
    Path directory;

    /// A disk with a byte pattern wherever it has content, so that a large one takes no memory.
    private static class Disk implements Contents {
        private final long size;
        private final List<Range> ranges;

        Disk(long size, List<Range> ranges) {
            this.size = size;
            this.ranges = ranges;
        }

        @Override
        public long sizeBytes() {
            return size;
        }

        @Override
        public List<Range> stored(long from, long to) {
            var within = new ArrayList<Range>();
            for (var range : ranges)
                if (range.offset() < to && range.end() > from) {
                    long begin = Math.max(from, range.offset());
                    within.add(new Range(begin, Math.min(to, range.end()) - begin));
                }
            return within;
        }

        @Override
        public void read(long offset, ByteBuffer into) throws IOException {
            var bytes = new byte[into.remaining()];
            for (var range : stored(offset, offset + bytes.length))
                for (long at = range.offset(); at < range.end(); at++)
                    bytes[(int) (at - offset)] = (byte) (1 + at / 500 % 97);
            into.put(bytes);
        }

        @Override
        public void close() {}
    }

    private static Disk random(int seed, long size) {
        var random = new Random(seed);
        var ranges = new ArrayList<Range>();
        long at = 0;
        while (true) {
            at += random.nextInt(1 << (10 + random.nextInt(18)));
            long length = 1 + random.nextInt(1 << (1 + random.nextInt(19)));
            if (at + length > size)
                return new Disk(size, ranges);
            ranges.add(new Range(at, length));
            at += length + 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDiskComesBackAsItWas(ImageFormat format) throws IOException {
        for (int seed = 0; seed < 4; seed++) {
            var disk = random(seed, (seed + 1) * 200L * (1 << 20) + seed * 512L); // up to two windows
            var file = directory.resolve("image");
            var done = new AtomicLong();
            format.write(disk, file, done::addAndGet);
            assertEquals(disk.sizeBytes(), done.get(), "progress");
            try (var image = DiskImage.open(file)) {
                assertEquals(disk.sizeBytes(), image.sizeBytes());
                for (long at = 0; at < disk.sizeBytes(); at += 1 << 20) {
                    int count = (int) Math.min(1 << 20, disk.sizeBytes() - at);
                    var expected = ByteBuffer.allocate(count);
                    var actual = ByteBuffer.allocate(count);
                    disk.read(at, expected);
                    image.read(at, actual);
                    assertArrayEquals(expected.array(), actual.array(), "at " + at);
                }
            }
        }
    }

    @Test
    void aHugeDiskTakesLittle() throws IOException {
        long size = 60L << 40;
        var disk = new Disk(size, List.of(new Range(5, 10), new Range(size - 4096, 4096)));
        var file = directory.resolve("huge.qcow2");
        ImageFormat.of(file).write(disk, file, _ -> {
        });
        assertTrue(Files.size(file) < 3 << 20, "its L1 table has 960 KiB: " + Files.size(file));
        try (var image = DiskImage.open(file)) {
            assertEquals(List.of(new Range(size - 65536, 65536)), image.stored(size - (512 << 20), size));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsLeavesTheOldFileAndNoOther(ImageFormat format) throws IOException {
        var disk = new Disk(100 << 20, List.of(new Range(0, 100 << 20))) {
            @Override
            public void read(long offset, ByteBuffer into) throws IOException {
                if (offset > 50 << 20)
                    throw new IOException("no more");
                super.read(offset, into);
            }
        };
        var file = Files.writeString(directory.resolve("image"), "old");
        var failure = assertThrows(IOException.class, () -> format.write(disk, file, _ -> {
        }));
        assertEquals("no more", failure.getMessage());
        assertEquals("old", Files.readString(file));
        assertFalse(Files.exists(directory.resolve("image.cairn-part")));
    }

    @Test
    void partsCoverRangesOnce() {
        long k = 64 << 10;
        assertEquals(List.of(new Range(0, k)),
                Walk.parts(List.of(new Range(1, 1), new Range(3, 4), new Range(k - 1, 1)), 1 << 30));
        assertEquals(List.of(new Range(0, 2 * k)), Walk.parts(List.of(new Range(1, k)), 1 << 30));
        assertEquals(List.of(new Range(15 * k, k), new Range(16 * k, k)), Walk.parts(List.of(new Range(15 * k + 1, k)), 1 << 30));
        assertEquals(List.of(new Range(0, 100)), Walk.parts(List.of(new Range(50, 50)), 100));
    }
}
