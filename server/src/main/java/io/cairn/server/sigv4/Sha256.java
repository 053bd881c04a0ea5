package io.cairn.server.sigv4;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// SHA-256 and HMAC-SHA-256 with one engine per thread: looking one up in the providers costs more than hashing a head.
final class Sha256 {
    static final int BYTES = 32;
    static final String EMPTY_HEX = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] DIGITS = digits();
    private static final MessageDigest UNUSED = lookedUp();
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::newDigest);
    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(Sha256::newMac);

    private Sha256() {}

    /// A digest of one's own, for what is hashed over many calls.
    static MessageDigest newDigest() {
        try {
            return (MessageDigest) UNUSED.clone();
        } catch (CloneNotSupportedException e) {
            return lookedUp();
        }
    }

    private static MessageDigest lookedUp() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Mac newMac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    static byte[] hash(Scratch text) {
        var digest = DIGEST.get();
        digest.update(text.array(), 0, text.length());
        return digest.digest();
    }

    static byte[] hmac(SecretKey key, Scratch text) {
        var mac = MAC.get();
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("any bytes are an HMAC key", e);
        }
        mac.update(text.array(), 0, text.length());
        return mac.doFinal();
    }

    static SecretKey key(byte[] bytes) {
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    /// Whether `text` is the lower-case hexadecimal form of 32 bytes.
    static boolean isHex(String text) {
        if (text.length() != 2 * BYTES)
            return false;
        int wrong = 0;
        for (int i = 0; i < 2 * BYTES; i++)
            wrong |= digit(text.charAt(i));
        return wrong >= 0;
    }

    /// Negative for what is none, in lower case.
    private static int digit(char c) {
        return c < DIGITS.length ? DIGITS[c] : -1;
    }

    private static byte[] digits() {
        var digits = new byte[128];
        Arrays.fill(digits, (byte) -1);
        for (int i = 0; i < 16; i++)
            digits[Character.forDigit(i, 16)] = (byte) i;
        return digits;
    }

    /// Compares 32 bytes with their claimed hexadecimal form, in a time that does not depend on where they differ.
    static boolean equalsHex(byte[] expected, String claimedHex) {
        if (expected.length != BYTES || claimedHex.length() != 2 * BYTES)
            return false;
        int differing = 0;
        for (int i = 0; i < BYTES; i++) // what is no digit makes it negative, and so different
            differing |= (digit(claimedHex.charAt(2 * i)) << 4 | digit(claimedHex.charAt(2 * i + 1))) ^ expected[i] & 0xFF;
        return differing == 0;
    }
}
