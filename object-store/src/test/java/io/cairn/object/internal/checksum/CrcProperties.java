package io.cairn.object.internal.checksum;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.*;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// The same value however the bytes come, and whether they come at all.
class CrcProperties {
    @Property(tries = 300)
    void combiningEqualsTheValueOfTheWhole(@ForAll("combinable") ChecksumAlgorithm algorithm, @ForAll @Size(max = 100) byte[] a,
            @ForAll @Size(max = 2000) byte[] b) {
        var whole = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, whole, a.length, b.length);
        assertArrayEquals(direct(algorithm, whole), Crc.combine(algorithm, direct(algorithm, a), direct(algorithm, b), b.length));
    }

    @Property(tries = 100)
    void manyPartsCombineFromLeftToRight(@ForAll("combinable") ChecksumAlgorithm algorithm,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 0, max = 5000) Integer> lengths, @ForAll long seed) {
        var random = new SplittableRandom(seed);
        var digester = Digester.of(algorithm);
        var combined = Digester.of(algorithm).value();
        for (int length : lengths) {
            var part = new byte[length];
            random.nextBytes(part);
            digester.update(ByteBuffer.wrap(part));
            combined = Crc.combine(algorithm, combined, direct(algorithm, part), length);
        }
        assertArrayEquals(digester.value(), combined);
    }

    /// Zeros behind zeros: a run far longer than any that could be read, doubled step by step.
    @Property(tries = 20)
    void lengthsBeyondMemoryCombineTheSameWayInAnyOrder(@ForAll("combinable") ChecksumAlgorithm algorithm,
            @ForAll @IntRange(min = 1, max = 40) int doublings) {
        var value = direct(algorithm, new byte[1]);
        long length = 1;
        for (int i = 0; i < doublings; i++, length *= 2)
            value = Crc.combine(algorithm, value, value, length);
        var one = direct(algorithm, new byte[1]);
        var oneMoreBehind = Crc.combine(algorithm, value, one, 1);
        var oneMoreBefore = Crc.combine(algorithm, one, value, length);
        assertArrayEquals(oneMoreBehind, oneMoreBefore);
    }

    @Property(tries = 200)
    void piecesAndKindsOfBuffersMakeNoDifference(@ForAll ChecksumAlgorithm algorithm, @ForAll @Size(max = 20_000) byte[] bytes,
            @ForAll @Size(max = 6) List<@IntRange(min = 0, max = 5000) Integer> cuts) {
        var digester = Digester.of(algorithm);
        var marks = new ArrayList<>(cuts);
        marks.add(0);
        marks.add(bytes.length);
        marks.replaceAll(mark -> Math.min(mark, bytes.length));
        marks.sort(null);
        for (int i = 0; i + 1 < marks.size(); i++) {
            var piece = ByteBuffer.wrap(bytes, marks.get(i), marks.get(i + 1) - marks.get(i));
            var sent = switch (i % 3) {
                case 0 -> piece.slice();
                case 1 -> ByteBuffer.allocateDirect(piece.remaining()).put(piece).flip();
                default -> piece.asReadOnlyBuffer();
            };
            digester.update(sent);
            assertEquals(0, sent.remaining());
        }
        assertArrayEquals(direct(algorithm, bytes), digester.value());
    }

    @Property(tries = 100)
    void crc64NvmeEqualsItsDefinition(@ForAll @Size(max = 300) byte[] bytes) {
        assertEquals(defined(bytes), ByteBuffer.wrap(direct(ChecksumAlgorithm.CRC64NVME, bytes)).getLong());
    }

    private static long defined(byte[] bytes) {
        long crc = -1;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ Crc64Nvme.POLYNOMIAL : crc >>> 1;
        }
        return ~crc;
    }

    /// Long pieces are folded: all lengths about a fold's ends, and what comes before and after.
    @Property(tries = 100)
    void aFoldedCrc64EqualsItsDefinition(@ForAll @IntRange(min = 0, max = 20) int before,
            @ForAll("lengths") int length, @ForAll boolean direct, @ForAll long seed) {
        var random = new SplittableRandom(seed);
        var bytes = new byte[before + length + 20];
        random.nextBytes(bytes);
        var digester = Digester.of(ChecksumAlgorithm.CRC64NVME);
        for (var piece : List.of(ByteBuffer.wrap(bytes, 0, before), ByteBuffer.wrap(bytes, before, length),
                ByteBuffer.wrap(bytes, before + length, 20)))
            digester.update(direct ? ByteBuffer.allocateDirect(piece.remaining()).put(piece).flip() : piece);
        assertEquals(defined(bytes), ByteBuffer.wrap(digester.value()).getLong());
    }

    @Provide
    Arbitrary<Integer> lengths() {
        int most = Crc64Fold.MAX_BYTES;
        return Arbitraries.oneOf(Arbitraries.integers().between(Crc64Nvme.FOLD_MIN_BYTES - 2, Crc64Nvme.FOLD_MIN_BYTES + 300),
                Arbitraries.integers().between(most - 2, most + 2),
                Arbitraries.integers().between(most + Crc64Nvme.FOLD_MIN_BYTES - 2, most + Crc64Nvme.FOLD_MIN_BYTES + 2),
                Arbitraries.integers().between(0, 3 * most));
    }

    /// What the fold rests on: with exponents as bits, and as bytes.
    @Example
    void theFoldsPolynomialIsAMultipleOfTheCrcs() {
        for (int unit : new int[]{1, 8}) {
            long sum = remainderOfPower(Crc64Fold.DEGREE * unit);
            for (int term : Crc64Fold.TERMS)
                sum ^= remainderOfPower(term * unit);
            assertEquals(0, sum);
        }
    }

    /// `x^exponent` modulo the polynomial, the lowest power in the highest bit.
    private static long remainderOfPower(int exponent) {
        long power = Long.MIN_VALUE;
        for (int i = 0; i < exponent; i++)
            power = (power & 1) != 0 ? (power >>> 1) ^ Crc64Nvme.POLYNOMIAL : power >>> 1;
        return power;
    }

    @Example
    void hashesCannotBeCombined() {
        var sha1 = direct(ChecksumAlgorithm.SHA1, new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> Crc.combine(ChecksumAlgorithm.SHA1, sha1, sha1, 0));
        var crc = direct(ChecksumAlgorithm.CRC32, new byte[0]);
        assertThrows(IllegalArgumentException.class, () -> Crc.combine(ChecksumAlgorithm.CRC32, crc, crc, -1));
    }

    @Provide
    Arbitrary<ChecksumAlgorithm> combinable() {
        return Arbitraries.of(ChecksumAlgorithm.class).filter(algorithm -> algorithm.supports(ChecksumType.FULL_OBJECT));
    }

    private static byte[] direct(ChecksumAlgorithm algorithm, byte[] bytes) {
        return Digester.value(Digester.of(algorithm), bytes);
    }
}
