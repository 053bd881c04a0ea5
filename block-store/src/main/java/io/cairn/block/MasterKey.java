package io.cairn.block;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A raw AES-256 key. A data key is wrapped by AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D, 8.2.2: 2^32 of them under one key, which is more than
/// volumes are opened), the volume's id for associated data:
///
///     offset  bytes  field
///          0      1  version  1
///          1     12  nonce
///         13     32  data key, encrypted
///         45     16  tag
///
/// Stateless but for the key; any thread.
final class MasterKey implements KeySource {
    private static final int VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int BYTES = 1 + NONCE_BYTES + DATA_KEY_BYTES + TAG_BYTES;
    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    MasterKey(byte[] key) {
        if (key.length != DATA_KEY_BYTES)
            throw new IllegalArgumentException("a master key has " + DATA_KEY_BYTES + " bytes, not " + key.length);
        this.key = new SecretKeySpec(key, "AES");
    }

    @Override
    public byte[] wrap(byte[] dataKey, String volume) throws GeneralSecurityException {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return ByteBuffer.allocate(BYTES).put((byte) VERSION).put(nonce)
                .put(cipher(Cipher.ENCRYPT_MODE, nonce, volume).doFinal(dataKey)).array();
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String volume) throws GeneralSecurityException {
        if (wrapped.length != BYTES || wrapped[0] != VERSION)
            throw new GeneralSecurityException("it was wrapped otherwise than by this program's version " + VERSION);
        var nonce = new byte[NONCE_BYTES];
        var in = ByteBuffer.wrap(wrapped, 1, BYTES - 1).get(nonce);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, volume).doFinal(wrapped, in.position(), in.remaining());
        } catch (AEADBadTagException e) {
            throw new GeneralSecurityException("it was wrapped with another master key, or is damaged", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String volume) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(volume.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /// Tells nothing of the key.
    @Override
    public String toString() {
        return "a master key";
    }
}
