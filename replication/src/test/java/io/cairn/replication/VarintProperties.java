package io.cairn.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class VarintProperties {
    @Property
    void comesBackInAsManyBytesAsSaid(@ForAll long bits, @ForAll @IntRange(max = 63) int shift) {
        long value = bits >>> shift;
        var buffer = ByteBuffer.allocate(Varint.MAX_BYTES);
        Varint.put(buffer, value);
        assertEquals(Varint.length(value), buffer.position());
        assertEquals(buffer.position(), Varint.put(new byte[Varint.MAX_BYTES], 0, value));
        assertEquals(value, Varint.get(buffer.flip()));
        assertEquals(0, buffer.remaining());
    }

    @Example
    void tooManyOrTooFewBytesAreRefused() {
        var endless = new byte[11];
        Arrays.fill(endless, (byte) 0x80);
        assertThrows(IllegalArgumentException.class, () -> Varint.get(ByteBuffer.wrap(endless)));
        assertThrows(BufferUnderflowException.class, () -> Varint.get(ByteBuffer.wrap(endless, 0, 3)));
    }
}
