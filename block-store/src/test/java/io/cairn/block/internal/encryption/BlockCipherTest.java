package io.cairn.block.internal.encryption;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.replication.testkit.Golden;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Encrypted blocks are in files as they always were; and no byte of one, nor its place, can change unseen. That the golden one is what SP 800-38D says was seen by
/// another implementation (OpenSSL's).
final class BlockCipherTest {
    private static final int NUMBER = 0x01020304;
    private static final int ROOT = 0x05060708;
    private static final long ADDRESS = 0x4123456789ABCDE0L;
    private static final long BLOCK = 0x0A0B0C0D0EL;
    private static final BlockCipher CIPHER = new BlockCipher(NUMBER, ROOT, key());

    private static byte[] key() {
        var key = new byte[32];
        for (int i = 0; i < key.length; i++)
            key[i] = (byte) (i * 11 + 3);
        return key;
    }

    private static byte[] data() {
        var data = new byte[BlockFormat.DATA_BYTES];
        for (int i = 0; i < data.length; i++)
            data[i] = (byte) (i * 7 + i / 251);
        return data;
    }

    /// Once: the cipher refuses to encrypt twice in a row with one nonce.
    private static final byte[] ENCRYPTED = encrypt();

    private static byte[] encrypted() {
        return ENCRYPTED.clone();
    }

    private static byte[] encrypt() {
        var into = ByteBuffer.allocateDirect(BlockFormat.BYTES);
        var data = ByteBuffer.allocate(5 + BlockFormat.DATA_BYTES).put(5, data());
        CIPHER.encrypt(data, 5, ADDRESS, BLOCK, into);
        assertFalse(into.hasRemaining());
        var bytes = new byte[BlockFormat.BYTES];
        into.get(0, bytes);
        return bytes;
    }

    private static boolean opens(BlockCipher cipher, byte[] bytes, long address, long block) {
        var data = ByteBuffer.allocate(BlockFormat.DATA_BYTES);
        boolean opened = cipher.decrypt(ByteBuffer.wrap(bytes), 0, address, block, data, 0);
        assertArrayEquals(opened ? data() : new byte[BlockFormat.DATA_BYTES], data.array());
        return opened;
    }

    @Test
    void blocks() {
        var stored = Golden.require("block-encrypted-v1", encrypted());
        assertEquals(NUMBER, BlockCipher.keyOf(ByteBuffer.wrap(stored), 0));
        assertTrue(opens(CIPHER, stored, ADDRESS, BLOCK));
        assertEquals(2, BlockCipher.KIND);
    }

    /// The number of the key is looked up, and leads to another key.
    @Test
    void eachDamagedByteIsSeen() {
        var bytes = encrypted();
        for (int at = 4; at < BlockFormat.BYTES; at++) {
            bytes[at] ^= (byte) (1 << at % 8);
            assertFalse(opens(CIPHER, bytes, ADDRESS, BLOCK), "byte " + at);
            bytes[at] ^= (byte) (1 << at % 8);
        }
        assertTrue(opens(CIPHER, bytes, ADDRESS, BLOCK));
    }

    @Test
    void anotherPlaceBlockRootOrKeyIsSeen() {
        assertFalse(opens(CIPHER, encrypted(), ADDRESS + 1, BLOCK));
        assertFalse(opens(CIPHER, encrypted(), ADDRESS, BLOCK + 1));
        assertFalse(opens(new BlockCipher(NUMBER, ROOT + 1, key()), encrypted(), ADDRESS, BLOCK));
        var other = key();
        other[31] ^= 1;
        assertFalse(opens(new BlockCipher(NUMBER, ROOT, other), encrypted(), ADDRESS, BLOCK));
    }

    /// In the buffer that it lies in, behind the room of a plain block's header; neither position nor limit change.
    @Test
    void isDecryptedWhereItLies() {
        var frame = ByteBuffer.allocateDirect(2 * BlockFormat.BYTES).put(BlockFormat.BYTES, encrypted()).position(3);
        assertTrue(CIPHER.decrypt(frame, BlockFormat.BYTES, ADDRESS, BLOCK, frame, BlockFormat.BYTES + BlockFormat.HEADER_BYTES));
        var data = new byte[BlockFormat.DATA_BYTES];
        frame.get(BlockFormat.BYTES + BlockFormat.HEADER_BYTES, data);
        assertArrayEquals(data(), data);
        assertEquals(3, frame.position());
        assertEquals(2 * BlockFormat.BYTES, frame.limit());
    }

    @Test
    void noKeyIsTold() {
        assertEquals("data key " + NUMBER, CIPHER.toString());
        assertFalse(Arrays.equals(encrypted(), data()));
    }
}
