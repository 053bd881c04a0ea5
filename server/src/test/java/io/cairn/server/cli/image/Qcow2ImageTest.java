package io.cairn.server.cli.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// qcow2 files made by hand, whole and damaged.
class Qcow2ImageTest {
    private static final int BITS = 9;
    private static final int CLUSTER = 1 << BITS;
    private static final int L1 = Qcow2Files.L1 * CLUSTER;
    private static final int L2 = Qcow2Files.L2 * CLUSTER;
    private static final int DATA = Qcow2Files.DATA * CLUSTER;
    private static final long SIZE = 100 * CLUSTER; // two L2 tables

    @TempDir
    Path directory;

    private DiskImage open(byte[] file) throws IOException {
        return DiskImage.open(Files.write(directory.resolve("image"), file));
    }

    private static byte[] all(DiskImage image) throws IOException {
        var bytes = new byte[(int) image.sizeBytes()];
        image.read(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /// What is wrong with a file that was right before `damage`.
    private String refusal(int version, Consumer<ByteBuffer> damage) {
        var file = Qcow2Files.of(version, BITS, SIZE);
        damage.accept(file);
        return refusal(Qcow2Files.bytes(file));
    }

    private String refusal(byte[] file) {
        return String.valueOf(assertThrows(ImageException.class, () -> {
            try (var image = open(file)) {
                all(image);
            }
        }).getMessage()).replace(directory.resolve("image").toString(), "FILE");
    }

    @ParameterizedTest
    @CsvSource({"2, 9", "3, 9", "2, 16", "3, 16", "3, 21"})
    void storedClustersAndHolesAreRead(int version, int bits) throws IOException {
        int cluster = 1 << bits;
        try (var image = open(Qcow2Files.bytes(Qcow2Files.of(version, bits, 3L * cluster + 512)))) {
            assertEquals("qcow2", image.format());
            assertEquals(3L * cluster + 512, image.sizeBytes());
            assertEquals(List.of(new Range(0, cluster)), image.stored(0, image.sizeBytes()));
            var expected = Arrays.copyOf(Qcow2Files.content(cluster), 3 * cluster + 512);
            assertArrayEquals(expected, all(image));
            var piece = ByteBuffer.allocate(200);
            image.read(cluster - 100, piece);
            assertArrayEquals(Arrays.copyOfRange(expected, cluster - 100, cluster + 100), piece.array());
        }
    }

    @Test
    void clustersThatAreSaidToBeZerosAre() throws IOException {
        var file = Qcow2Files.of(3, BITS, SIZE);
        file.putLong(L2, DATA | Qcow2.ZERO | Qcow2.USED_ONCE); // keeps its place
        file.putLong(L2 + 8, Qcow2.ZERO);
        try (var image = open(Qcow2Files.bytes(file))) {
            assertEquals(List.of(), image.stored(0, SIZE));
            assertArrayEquals(new byte[(int) SIZE], all(image));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 12, 16, 21})
    void compressedClustersAreRead(int bits) throws IOException {
        int cluster = 1 << bits;
        for (var content : List.of(new byte[cluster], Qcow2Files.content(cluster), text(cluster)))
            try (var image = open(Qcow2Files.compressed(bits, content))) {
                assertArrayEquals(Arrays.copyOf(content, 4 * cluster), all(image));
                var piece = ByteBuffer.allocate(200);
                image.read(cluster - 100, piece);
                assertArrayEquals(Arrays.copyOfRange(Arrays.copyOf(content, 2 * cluster), cluster - 100, cluster + 100),
                        piece.array());
            }
    }

    private static byte[] text(int count) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = (byte) ("to be or not to be ".charAt(i % 19) + i / 1000);
        return bytes;
    }

    @Test
    void compressedDataThatDoNotFitAreDamage() {
        assertTrue(refusal(Qcow2Files.withBrokenCompression()).contains("cannot be inflated"));
        var whole = Qcow2Files.compressed(16, Qcow2Files.content(1 << 16));
        assertTrue(refusal(Arrays.copyOf(whole, whole.length - 100)).contains("cannot be inflated"), "cut off");
        var small = Qcow2Files.compressed(16, new byte[100]); // ends before the cluster is full
        assertTrue(refusal(small).contains("cannot be inflated (it is too short)"), refusal(small));
        var past = ByteBuffer.wrap(Qcow2Files.compressed(16, new byte[1 << 16]));
        past.putLong(Qcow2Files.L2 << 16, Qcow2.COMPRESSED | past.capacity());
        assertTrue(refusal(past.array()).contains("which is no cluster in the file"));
    }

    @Test
    void whatIsNotKnownIsRefused() {
        assertEquals("FILE is qcow version 1; versions 2 and 3 can be read, and qemu-img convert -O qcow2 makes one",
                refusal(3, file -> file.putInt(4, 1)));
        assertTrue(refusal(3, file -> file.putInt(4, 0x80000000)).contains("is qcow version 2147483648"));
        assertTrue(refusal(2, file -> file.putLong(8, 200).putInt(16, 4).put(200, new byte[]{'b', 'a', 's', 'e'}))
                .startsWith("FILE has a backing file, `base`; make it whole with"));
        assertTrue(refusal(3, file -> file.putInt(32, 2)).contains("is encrypted"));
        assertTrue(refusal(3, file -> file.putLong(72, 2)).contains("is marked as corrupt"));
        assertTrue(refusal(3, file -> file.putLong(72, 4)).contains("keeps its data in another file"));
        assertTrue(refusal(3, file -> file.putLong(72, 8)).contains("compressed with another method than zlib"));
        assertTrue(
                refusal(3, file -> file.putLong(72, 8).putInt(100, 112).put(104, (byte) 1)).contains("another method than zlib"));
        assertTrue(refusal(3, file -> file.putLong(72, 16)).contains("extended L2 entries"));
        assertTrue(refusal(3, file -> file.putLong(72, 1L << 40)).contains("(incompatible_features 0x10000000000)"));
    }

    @Test
    void whatHarmsNothingIsRead() throws IOException {
        var file = Qcow2Files.of(3, BITS, SIZE);
        file.putLong(72, 1).putLong(80, -1).putLong(88, -1); // dirty; whatever is compatible
        try (var image = open(Qcow2Files.bytes(file))) {
            assertEquals(SIZE, image.sizeBytes());
        }
    }

    @Test
    void aHeadWithImpossibleValuesIsDamage() {
        assertTrue(refusal(3, file -> file.putInt(20, 8)).contains("clusters of 1 << 8 bytes"));
        assertTrue(refusal(3, file -> file.putInt(20, 22)).contains("clusters of 1 << 22 bytes"));
        assertTrue(refusal(3, file -> file.putInt(20, -1)).contains("clusters of 1 << 4294967295 bytes"));
        assertTrue(refusal(3, file -> file.putLong(24, -1)).contains("a disk of 18446744073709551615 bytes"));
        assertTrue(refusal(3, file -> file.putLong(24, Long.MAX_VALUE)).contains("more than clusters of 512 bytes can hold"));
        assertTrue(refusal(3, file -> file.putInt(36, 1)).contains("its L1 table has 1 entries, and 2 are needed"));
        assertTrue(
                refusal(3, file -> file.putLong(24, 100L << 30).putInt(36, -1)).contains("has 4294967295 entries, which is more"),
                "no huge table is made");
        assertTrue(refusal(3, file -> file.putInt(36, Integer.MAX_VALUE)).contains("more than any image has"));

        assertTrue(refusal(3, file -> file.putLong(40, 1L << 40)).contains("lies past its end"));
        assertTrue(refusal(3, file -> file.putLong(40, -512)).contains("lies past its end"));
        assertTrue(refusal(3, file -> file.putLong(40, L1 + 8)).contains("within a cluster"));
        assertTrue(refusal(3, file -> file.putInt(100, 96)).contains("a head of 96 bytes"));
        assertTrue(refusal(3, file -> file.putInt(100, -8)).contains("a head of 4294967288 bytes"));
        assertTrue(refusal(2, file -> file.putLong(8, 1L << 50).putInt(16, 10)).contains("a backing file's name"));
        assertTrue(refusal(2, file -> file.putLong(8, 8).putInt(16, -1)).contains("a backing file's name of 4294967295 bytes"));
    }

    @Test
    void tablesThatLeadAstrayAreDamage() {
        assertTrue(refusal(3, file -> file.putLong(L1, 1L << 40)).contains("entry 0 of its L1 table is 0x10000000000"));
        assertTrue(refusal(3, file -> file.putLong(L1, -1)).contains("entry 0 of its L1 table"));
        assertTrue(refusal(3, file -> file.putLong(L1, L2 | 1)).contains("entry 0 of its L1 table"));
        assertTrue(refusal(3, file -> file.putLong(L1 + 8, L2)).contains("names the L2 table at 1024 twice"));
        assertTrue(
                refusal(3, file -> file.putLong(L2, 1L << 40)).contains("its L2 entry for byte 0 of the disk is 0x10000000000"));
        assertTrue(refusal(3, file -> file.putLong(L2 + 8, -1 & ~Qcow2.COMPRESSED)).contains("byte 512 of the disk"));
        assertTrue(refusal(3, file -> file.putLong(L2, DATA | 2)).contains("byte 0 of the disk"));
        assertTrue(refusal(2, file -> file.putLong(L2, DATA | 1)).contains("byte 0 of the disk"),
                "version 2 has no zeros by a bit");
        assertTrue(refusal(3, file -> file.putLong(L2, Qcow2.COMPRESSED | 1L << 40)).contains("byte 0 of the disk"));
        // A table that is its own data, and all entries of which name one cluster.
        assertTrue(refusal(3, file -> file.putLong(L1, L1)).contains("entry 0 of its L1 table is 0x200"));
        assertTrue(refusal(3, file -> file.putLong(L2, L1)).contains("byte 0 of the disk is 0x200"));
        assertTrue(refusal(3, file -> file.putLong(L2, L2)).contains("its L2 entry for byte 0 of the disk names a table"));
        assertTrue(refusal(3, file -> {
            for (int i = 0; i < CLUSTER; i += 8)
                file.putLong(L2 + i, DATA);
        }).contains("clusters are used more than once"));
    }

    @Test
    void aFileThatWasCutOffIsDamage() {
        var whole = Qcow2Files.bytes(Qcow2Files.of(3, BITS, SIZE));
        for (int length = 4; length < whole.length; length++) {
            var message = refusal(Arrays.copyOf(whole, length));
            assertTrue(message.startsWith("FILE is damaged: "), length + ": " + message);
        }
    }

    /// Whatever the bytes are, it ends soon, and with the right kind of error if any.
    @Test
    void bytesThatWereChangedDoNoHarm() throws IOException {
        var random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            var file = random.nextBoolean()
                    ? Qcow2Files.bytes(Qcow2Files.of(3, BITS, SIZE))
                    : Qcow2Files.compressed(BITS, Qcow2Files.content(CLUSTER));
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--)
                file[switch (random.nextInt(3)) {
                    case 0 -> 4 + random.nextInt(108);
                    case 1 -> L1 + random.nextInt(16);
                    default -> L2 + random.nextInt(CLUSTER);
                }] = (byte) random.nextInt();
            try (var image = open(file)) {
                var buffer = ByteBuffer.allocate(1 << 20);
                for (var part : Walk.parts(image.stored(0, Math.min(image.sizeBytes(), 8 << 20)), image.sizeBytes()))
                    image.read(part.offset(), buffer.clear().limit((int) part.length()));
            } catch (ImageException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("image "), e.getMessage());
            }
        }
    }

    @Test
    void whateverHasNoMagicIsRaw() throws IOException {
        for (var bytes : List.of(new byte[0], new byte[]{1, 2}, new byte[5000]))
            try (var image = open(bytes)) {
                assertEquals("raw", image.format());
                assertEquals(bytes.length, image.sizeBytes());
            }
    }
}
