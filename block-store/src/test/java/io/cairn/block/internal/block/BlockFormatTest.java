package io.cairn.block.internal.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.cairn.replication.testkit.Golden;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Blocks are in files as they always were; and no byte of one can change unseen.
final class BlockFormatTest {
    private static final int VOLUME = 0x01020304;
    private static final long BLOCK = 0x0A0B0C0D0EL;

    private static byte[] data(int count) {
        var data = new byte[count * BlockFormat.DATA_BYTES];
        for (int i = 0; i < data.length; i++)
            data[i] = (byte) (i * 7 + i / 251);
        return data;
    }

    private static byte[] framed(int count) {
        var framed = ByteBuffer.allocate(count * BlockFormat.BYTES);
        for (int i = 0; i < count; i++) {
            framed.put(i * BlockFormat.BYTES + BlockFormat.HEADER_BYTES, data(count), i * BlockFormat.DATA_BYTES,
                    BlockFormat.DATA_BYTES);
            BlockFormat.seal(framed, i * BlockFormat.BYTES, VOLUME, BLOCK + i);
        }
        return framed.array();
    }

    @Test
    void blocks() {
        var stored = ByteBuffer.wrap(Golden.require("blocks-v1", framed(2)));
        for (int i = 0; i < 2; i++) {
            int at = i * BlockFormat.BYTES;
            assertEquals("", BlockFormat.fault(stored, at, BLOCK + i));
            assertArrayEquals(Arrays.copyOfRange(data(2), i * BlockFormat.DATA_BYTES, (i + 1) * BlockFormat.DATA_BYTES),
                    Arrays.copyOfRange(stored.array(), at + BlockFormat.HEADER_BYTES, at + BlockFormat.BYTES));
        }
        assertEquals(1, BlockFormat.KIND);
    }

    /// Header and data, one bit at a time; the neighbour stays sound.
    @Test
    void eachDamagedByteIsSeen() {
        var framed = framed(2);
        for (int at = 0; at < BlockFormat.BYTES; at++) {
            framed[at] ^= (byte) (1 << at % 8);
            assertNotEquals("", BlockFormat.fault(ByteBuffer.wrap(framed), 0, BLOCK), "byte " + at);
            framed[at] ^= (byte) (1 << at % 8);
        }
        framed[BlockFormat.BYTES - 1] ^= 1;
        assertEquals("", BlockFormat.fault(ByteBuffer.wrap(framed), BlockFormat.BYTES, BLOCK + 1));
    }

    @Test
    void aBlockInTheWrongPlaceIsSeen() {
        var framed = ByteBuffer.wrap(framed(2));
        assertEquals("block " + (BLOCK + 1) + " lies in its place", BlockFormat.fault(framed, BlockFormat.BYTES, BLOCK));
        assertNotEquals("", BlockFormat.fault(ByteBuffer.allocate(BlockFormat.BYTES), 0, 0), "zeros are no block");
    }

    /// The buffer is as it was, whatever its position.
    @Test
    void lookingForAFaultMovesNothing() {
        var framed = ByteBuffer.wrap(framed(2)).position(5).limit(2 * BlockFormat.BYTES);
        assertEquals("", BlockFormat.fault(framed, BlockFormat.BYTES, BLOCK + 1));
        assertEquals(5, framed.position());
        assertEquals(2 * BlockFormat.BYTES, framed.limit());
    }
}
