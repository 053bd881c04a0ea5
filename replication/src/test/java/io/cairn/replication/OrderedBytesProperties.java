package io.cairn.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.testkit.Golden;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class OrderedBytesProperties {
    /// Bytes at which escaping has work to do.
    @Provide
    Arbitrary<byte[]> strings() {
        return Arbitraries.of((byte) 0, (byte) 1, (byte) 2, (byte) 0x7F, (byte) 0xFE, (byte) 0xFF).array(byte[].class)
                .ofMaxSize(6);
    }

    private static int sign(byte[] left, byte[] right) {
        return Integer.signum(Arrays.compareUnsigned(left, right));
    }

    private static byte[] key(byte[] first, byte[] second) {
        return new OrderedBytes(0).escaped(first).raw(second).toBytes();
    }

    @Property
    void escapedStringsAreOrderedAsTuples(@ForAll("strings") byte[] a, @ForAll("strings") byte[] b, @ForAll("strings") byte[] c,
            @ForAll("strings") byte[] d) {
        int expected = sign(a, b) != 0 ? sign(a, b) : sign(c, d);
        assertEquals(expected, sign(key(a, c), key(b, d)));
    }

    @Property
    void escapedStringsComeBack(@ForAll("strings") byte[] a, @ForAll("strings") byte[] b) {
        var key = new OrderedBytes(0).u8(9).escaped(a).raw(b).toBytes();
        assertArrayEquals(a, OrderedBytes.unescape(key, 1));
        assertEquals(key.length - b.length - 1, OrderedBytes.escapedLength(key, 1));
    }

    @Property
    void numbersKeepTheirOrder(@ForAll long a, @ForAll long b, @ForAll int c, @ForAll int d, @ForAll double e, @ForAll double f) {
        assertEquals(Long.compareUnsigned(a, b),
                sign(new OrderedBytes(0).u64(a).toBytes(), new OrderedBytes(0).u64(b).toBytes()));
        assertEquals(Long.compare(a, b), sign(new OrderedBytes(0).i64(a).toBytes(), new OrderedBytes(0).i64(b).toBytes()));
        assertEquals(Integer.compareUnsigned(c, d),
                sign(new OrderedBytes(0).u32(c).toBytes(), new OrderedBytes(0).u32(d).toBytes()));
        assertEquals(Double.compare(e, f), sign(new OrderedBytes(0).f64(e).toBytes(), new OrderedBytes(0).f64(f).toBytes()));
        assertEquals(a, OrderedBytes.u64(new OrderedBytes(0).u8(1).u64(a).toBytes(), 1));
        assertEquals(c, OrderedBytes.u32(new OrderedBytes(0).u8(1).u32(c).toBytes(), 1));
    }

    @Property
    void whatFollowsAPrefixIsAboveAllThatBeginsWithIt(@ForAll("strings") byte[] prefix, @ForAll("strings") byte[] rest,
            @ForAll("strings") byte[] other) {
        var after = OrderedBytes.afterPrefix(prefix);
        if (after == null) {
            for (byte b : prefix)
                assertEquals((byte) 0xFF, b);
            return;
        }
        var begun = new OrderedBytes(0).raw(prefix).raw(rest).toBytes();
        assertTrue(sign(begun, after) < 0);
        // The least such key: whatever is at or above the prefix and below it begins with the prefix.
        if (sign(other, prefix) >= 0 && sign(other, after) < 0)
            assertArrayEquals(prefix, Arrays.copyOf(other, prefix.length));
    }

    @Example
    void nothingFollowsAllOnes() {
        assertNull(OrderedBytes.afterPrefix(new byte[]{-1, -1}));
        assertNull(OrderedBytes.afterPrefix(new byte[0]));
    }

    @Example
    void goldenKey() {
        var key = new OrderedBytes(0).u8(3).u32(0x01020304).u64(-2).i64(-5).f64(-1.5).f64(2.25)
                .escaped(new byte[]{'a', 0, 'b', -1}).escapedPrefix(new byte[]{0}).raw(new byte[]{0, 9}).toBytes();
        var stored = Golden.require("ordered-bytes-v1", key);
        assertEquals(0x01020304, OrderedBytes.u32(stored, 1));
        assertArrayEquals(new byte[]{'a', 0, 'b', -1}, OrderedBytes.unescape(stored, 37));
    }
}
