package io.cairn.object.internal.checksum;

import com.dynatrace.hash4j.hashing.Hashing;
import io.cairn.object.ChecksumAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// A checksum or hash of bytes that come in pieces. Not thread-safe: one thread at a time.
public sealed interface Digester permits CrcDigester, Crc64Nvme, HashDigester, Xxh64Digester, Xxh128Digester {
    /// Takes the remaining bytes of `bytes` and leaves its position at its limit.
    void update(ByteBuffer bytes);

    /// The value over all bytes so far, big-endian as S3 writes it. Ends the digester: no update may follow.
    byte[] value();

    static Digester of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new CrcDigester(new CRC32());
            case CRC32C -> new CrcDigester(new CRC32C());
            case CRC64NVME -> new Crc64Nvme();
            case SHA1 -> new HashDigester(hash("SHA-1"));
            case SHA256 -> new HashDigester(hash("SHA-256"));
            case SHA512 -> new HashDigester(hash("SHA-512"));
            case MD5 -> md5();
            case XXHASH64 -> new Xxh64Digester(Hashing.xxh64().hashStream());
            case XXHASH3 -> new Xxh64Digester(Hashing.xxh3_64().hashStream());
            case XXHASH128 -> new Xxh128Digester(Hashing.xxh3_128().hashStream());
        };
    }

    /// What ETags are made of.
    static Digester md5() {
        return new HashDigester(hash("MD5"));
    }

    /// The value over `bytes` alone.
    static byte[] value(Digester digester, byte[] bytes) {
        digester.update(ByteBuffer.wrap(bytes));
        return digester.value();
    }

    private static MessageDigest hash(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + name + "; every Java platform must have it", e);
        }
    }
}
