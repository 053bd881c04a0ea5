package io.cairn.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// Data keys that were wrapped once can be unwrapped for ever, and by nothing else.
class MasterKeyTest {
    private static final String VOLUME = "vol-0123456789abcdef0";
    /// Made by another implementation (OpenSSL's): master key of 32 times 7, nonce 1 to 12, data key 0 to 31.
    private static final String WRAPPED = "010102030405060708090a0b0cbb7dea9d6eefe42bed37081599aaad4fc4f44323a65e24f066b89684b0455801c535b2e2e450d22cc459622219919197";

    private static byte[] masterKey() {
        var key = new byte[32];
        Arrays.fill(key, (byte) 7);
        return key;
    }

    private static byte[] dataKey() {
        var key = new byte[32];
        for (int i = 0; i < key.length; i++)
            key[i] = (byte) i;
        return key;
    }

    @Test
    void whatWasWrappedOnceIsUnwrapped() throws GeneralSecurityException {
        assertArrayEquals(dataKey(), KeySource.of(masterKey()).unwrap(HexFormat.of().parseHex(WRAPPED), VOLUME));
    }

    @Test
    void anythingElseIsRefused() throws GeneralSecurityException {
        var keys = KeySource.of(masterKey());
        var wrapped = keys.wrap(dataKey(), VOLUME);
        assertArrayEquals(dataKey(), keys.unwrap(wrapped, VOLUME));
        assertEquals(WRAPPED.length() / 2, wrapped.length);
        assertFalse(Arrays.equals(wrapped, keys.wrap(dataKey(), VOLUME)), "a nonce for each");
        assertThrows(GeneralSecurityException.class, () -> keys.unwrap(wrapped, "vol-0123456789abcdef1"));
        assertThrows(GeneralSecurityException.class, () -> KeySource.of(dataKey()).unwrap(wrapped, VOLUME));
        for (int at = 0; at < wrapped.length; at++) {
            var damaged = wrapped.clone();
            damaged[at] ^= 1;
            assertThrows(GeneralSecurityException.class, () -> keys.unwrap(damaged, VOLUME), "byte " + at);
            int length = at;
            assertThrows(GeneralSecurityException.class, () -> keys.unwrap(Arrays.copyOf(wrapped, length), VOLUME));
        }
    }

    @Test
    void aKeyOfAnotherLengthIsNone() {
        assertThrows(IllegalArgumentException.class, () -> KeySource.of(new byte[16]));
        assertEquals("a master key", KeySource.of(masterKey()).toString());
    }
}
