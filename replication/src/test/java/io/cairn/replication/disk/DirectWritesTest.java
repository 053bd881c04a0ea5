package io.cairn.replication.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a file holds does not depend on which way its bytes went.
class DirectWritesTest {
    private static final int FILE_BYTES = 40 * Disk.BLOCK_BYTES;
    @TempDir
    Path directory = Path.of("");

    @Test
    void writesOfAllKindsOneOverTheOther() throws IOException {
        var disk = Disk.of(directory);
        var random = new SplittableRandom(7);
        var memory = ByteBuffer.allocateDirect(FILE_BYTES + Disk.BLOCK_BYTES).alignedSlice(Disk.BLOCK_BYTES);
        var expected = new byte[0];
        try (var file = disk.openDirect("file", true)) {
            for (int i = 0; i < 400; i++) {
                boolean whole = random.nextBoolean();
                int unit = whole ? Disk.BLOCK_BYTES : 1;
                int at = random.nextInt(FILE_BYTES / 2 / unit) * unit;
                int length = random.nextInt(1, FILE_BYTES / 2 / unit) * unit;
                var bytes = new byte[length];
                random.nextBytes(bytes);
                int from = whole && random.nextBoolean() ? 0 : random.nextInt(2); // an address between blocks, too
                memory.clear().put(from, bytes);
                var sent = memory.slice(from, length);
                file.write(sent, at);
                assertEquals(0, sent.remaining());
                expected = Arrays.copyOf(expected, Math.max(expected.length, at + length));
                System.arraycopy(bytes, 0, expected, at, length);
                if (i % 20 == 0)
                    file.sync();
                assertEquals(expected.length, file.size());
                if (i % 10 == 0)
                    assertArrayEquals(expected, read(file, expected.length));
            }
            file.sync();
            assertArrayEquals(expected, read(file, expected.length));
        }
        assertArrayEquals(expected, Files.readAllBytes(directory.resolve("file")));
    }

    private static byte[] read(DiskFile file, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        assertEquals(length, file.read(bytes, 0));
        return bytes.array();
    }
}
