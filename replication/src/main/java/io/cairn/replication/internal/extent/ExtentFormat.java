package io.cairn.replication.internal.extent;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.PlacedPayload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// One extent, version 1, little-endian: header, payload, checksums. The same bytes in a log file and in a file of its own.
///
///     offset  bytes  field
///          0      4  magic           "CEX1"
///          4      1  version         1
///          5      1  kind            the engine's
///          6      2  flags           0; later forms: compressed, encrypted
///          8      8  file            number of the file it was written to
///         16      8  incarnation     of that file
///         24      8  epoch           in which it was written
///         32      8  stored length   payload bytes in the file
///         40      8  logical length  payload bytes for the reader; differs when compressed
///         48      8  key id          0: not encrypted
///         56      4  zero
///         60      4  crc32c          of bytes 0 to 59
///         64         payload
///                    crc32c of each 64 KiB of payload, the last of what is left; 4 bytes each
///
/// Checksums lie behind the payload, so that the payload is one run that the kernel can send, and here instead of in the metadata, so
/// that a row's size does not depend on its object's.
public final class ExtentFormat {
    static final int MAGIC = 'C' | 'E' << 8 | 'X' << 16 | '1' << 24;
    public static final int VERSION = 1;
    public static final int HEADER_BYTES = 64;
    public static final int BLOCK_BYTES = 64 << 10;

    private ExtentFormat() {}

    public record Header(int kind, long file, long incarnation, long epoch, long storedLength, long logicalLength) {}

    public static int blocks(long length) {
        return Math.toIntExact((length + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    /// All bytes of an extent with this payload.
    public static int totalBytes(int length) {
        return HEADER_BYTES + length + 4 * blocks(length);
    }

    /// Writes a header at the buffer's position.
    public static void encodeHeader(Header header, ByteBuffer into) {
        into.order(ByteOrder.LITTLE_ENDIAN);
        int start = into.position();
        into.putInt(MAGIC).put((byte) VERSION).put((byte) header.kind).putShort((short) 0);
        into.putLong(header.file).putLong(header.incarnation).putLong(header.epoch);
        into.putLong(header.storedLength).putLong(header.logicalLength).putLong(0).putInt(0);
        into.putInt(crc32c(into, start, HEADER_BYTES - 4));
    }

    /// Reads the header of an extent and holds it against its address. [CorruptLogException] when anything differs.
    public static Header checkHeader(ByteBuffer bytes, int start, Extent extent, String fileName) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        long at = (long) extent.offset() - HEADER_BYTES;
        if (bytes.limit() - start < HEADER_BYTES)
            throw new CorruptLogException(fileName, at, "the file ends inside an extent's header");
        if (bytes.getInt(start) != MAGIC || bytes.getInt(start + 60) != crc32c(bytes, start, HEADER_BYTES - 4))
            throw new CorruptLogException(fileName, at, "an extent's header does not match its crc32c");
        if (bytes.get(start + 4) != VERSION)
            throw new CorruptLogException(fileName, at,
                    "extent of version " + bytes.get(start + 4) + ", this program knows " + VERSION);
        var header = new Header(bytes.get(start + 5) & 0xFF, bytes.getLong(start + 8), bytes.getLong(start + 16),
                bytes.getLong(start + 24), bytes.getLong(start + 32), bytes.getLong(start + 40));
        if (header.file != extent.file() || header.storedLength != extent.length())
            throw new CorruptLogException(fileName, at,
                    "another extent lies here: of file %x with %d bytes, not of file %x with %d"
                            .formatted(header.file, header.storedLength, extent.file(), extent.length()));
        return header;
    }

    static int crc32c(ByteBuffer buffer, int from, int length) {
        var crc = new CRC32C();
        crc.update(buffer.slice(from, length));
        return (int) crc.getValue();
    }

    /// Writes the payload of an extent and its checksums at the buffer's position.
    public static void encodePayload(Extent at, PlacedPayload payload, ByteBuffer into) {
        int from = into.position();
        int limit = into.limit();
        into.limit(from + at.length());
        payload.writeTo(at, into);
        if (into.hasRemaining())
            throw new IllegalStateException("the payload of " + at + " lacks " + into.remaining() + " bytes");
        encodeChecksums(into.limit(limit), from, at.length());
    }

    /// Writes the checksums of `buffer[from, from + length)` at the buffer's position.
    public static void encodeChecksums(ByteBuffer buffer, int from, int length) {
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < length; done += BLOCK_BYTES)
            buffer.putInt(crc32c(buffer, from + done, Math.min(BLOCK_BYTES, length - done)));
    }

    /// Holds one block against its stored checksum.
    static void checkBlock(ByteBuffer bytes, int from, int length, int stored, Extent extent, int block, String fileName) {
        int actual = crc32c(bytes, from, length);
        if (actual != stored)
            throw new CorruptLogException(fileName, extent.offset() + (long) block * BLOCK_BYTES,
                    "stored crc32c %08x, data has %08x".formatted(stored, actual));
    }
}
