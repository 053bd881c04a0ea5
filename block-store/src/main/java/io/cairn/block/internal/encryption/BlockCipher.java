package io.cairn.block.internal.encryption;

import io.cairn.block.internal.block.BlockFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A data key, and a block that is encrypted with it inside an extent, version 1 (the extent's kind, [#KIND]), little-endian. As long as a plain block
/// ([BlockFormat]), and as many of them in an extent; ciphertext and tag in the order in which an AEAD gives them (RFC 5116, 5.1).
///
///     offset  bytes  field
///          0      4  data key  its number
///          4   4096  data, encrypted by AES-256-GCM (NIST SP 800-38D)
///       4100     12  tag       96 bits
///
///     nonce            12 bytes: 4 of zeros, 8 address of the block
///     associated data  12 bytes: 4 number of the volume that is the encryption root, 8 number of the block
///
/// A nonce must never come twice with one key. Addresses only grow as long as a store is open, and each opening has keys of its own, so an address will do (8.2.1,
/// deterministic construction). It makes a block that was put into another's place unreadable, too.
///
/// Any thread: ciphers and buffers are the thread's.
public class BlockCipher {
    /// Kind of the extents.
    public static final int KIND = 2;
    /// How a block is told of that does not decrypt.
    public static final String FAULT = "what lies there was not encrypted for this place, or is damaged";
    private static final int DATA_AT = 4;
    private static final int TAG_BYTES = BlockFormat.BYTES - BlockFormat.DATA_BYTES - DATA_AT;
    private static final int NONCE_BYTES = 12;
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final int number;
    private final int root;
    private final SecretKeySpec key;

    /// Arrays, since the cipher's fast path takes nothing else.
    private static final class Scratch {
        final Cipher cipher = aesGcm();
        final byte[] data = new byte[BlockFormat.DATA_BYTES];
        final byte[] sealed = new byte[BlockFormat.DATA_BYTES + TAG_BYTES];
        final byte[] nonce = new byte[NONCE_BYTES];
        final byte[] associated = new byte[12];
        final ByteBuffer nonceBuffer = ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN);
        final ByteBuffer associatedBuffer = ByteBuffer.wrap(associated).order(ByteOrder.LITTLE_ENDIAN);

        private static Cipher aesGcm() {
            try {
                return Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has AES-GCM", e);
            }
        }

        Cipher begin(int mode, SecretKeySpec key, int root, long address, long block) throws GeneralSecurityException {
            nonceBuffer.putLong(4, address);
            associatedBuffer.putInt(0, root).putLong(4, block);
            cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
            cipher.updateAAD(associated);
            return cipher;
        }
    }

    /// @param number of the data key, in its store
    /// @param root number of the volume that is the encryption root
    /// @param key 32 bytes, which are copied
    public BlockCipher(int number, int root, byte[] key) {
        this.number = number;
        this.root = root;
        this.key = new SecretKeySpec(key, "AES");
    }

    public int number() {
        return number;
    }

    /// Number of the volume that is the encryption root of the blocks.
    public int root() {
        return root;
    }

    /// Number of the data key that the block at `at` says it was encrypted with.
    public static int keyOf(ByteBuffer bytes, int at) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    /// Encrypts the block whose data stand at `from` of `data`, which stays as it is, to the position of `into`, and moves that behind it.
    ///
    /// @param address where it will lie; never before with this key
    public void encrypt(ByteBuffer data, int from, long address, long block, ByteBuffer into) {
        var scratch = SCRATCH.get();
        data.get(from, scratch.data);
        try {
            var cipher = scratch.begin(Cipher.ENCRYPT_MODE, key, root, address, block);
            cipher.doFinal(scratch.data, 0, BlockFormat.DATA_BYTES, scratch.sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("block " + block + " cannot be encrypted", e);
        }
        into.order(ByteOrder.LITTLE_ENDIAN).putInt(number).put(scratch.sealed);
    }

    /// Decrypts the block at `at`; `false` when it is damaged, another block, or one of another place.
    ///
    /// @param data takes it at `to`; may be the buffer of the block itself. Neither position nor limit changes
    public boolean decrypt(ByteBuffer bytes, int at, long address, long block, ByteBuffer data, int to) {
        var scratch = SCRATCH.get();
        bytes.get(at + DATA_AT, scratch.sealed);
        try {
            scratch.begin(Cipher.DECRYPT_MODE, key, root, address, block).doFinal(scratch.sealed, 0, scratch.sealed.length,
                    scratch.data);
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("block " + block + " cannot be decrypted", e);
        }
        data.put(to, scratch.data);
        return true;
    }

    /// Tells nothing of the key.
    @Override
    public String toString() {
        return "data key " + number;
    }
}
