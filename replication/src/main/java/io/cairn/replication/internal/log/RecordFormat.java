package io.cairn.replication.internal.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// One record of a log file, version 1, little-endian. Records follow one another, each at a multiple of 8.
///
///     offset  bytes  field
///          0      4  crc32c       over bytes 4 up to the end of the payload
///          4      4  length       payload bytes
///          8      1  kind         1 entry, 2 extent, 3 mark
///          9      1  version      1
///         10      2  zero
///         12      4  synced       this file was known to be durable up to here when the record was written
///         16      8  incarnation  of the file: what an earlier use of a recycled file left behind is never taken for a record
///         24      4  offset       of this record in the file
///         28      4  file         low half of the file's number / 2^20
///         32         payload, then zeros up to a multiple of 8
///
/// `synced` tells a torn tail from damage. Everything before a record's `synced` was once durable, so a bad record there is damage and the
/// log is refused; a bad record that no later one vouches for was never acknowledged. A mark has no payload: it is written, without a
/// sync, when nothing waits after a group, only to vouch for that group; the next record takes its place. A restore writes one too, and syncs it: nothing else vouches
/// for the end of the last file that it made.
final class RecordFormat {
    static final int HEADER_BYTES = 32;
    static final int ALIGNMENT = 8;
    static final int VERSION = 1;
    static final byte ENTRY = 1;
    static final byte EXTENT = 2;
    static final byte MARK = 3;

    private RecordFormat() {}

    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /// What a payload takes in the file.
    static int recordBytes(int payload) {
        return Math.toIntExact(aligned((long) HEADER_BYTES + payload));
    }

    /// Fills the header of the record at `buffer[start]`, whose payload already stands behind it. The checksum goes last: it covers
    /// the rest.
    static void seal(ByteBuffer buffer, int start, int payload, byte kind, long synced, LogFileHeader file, long offset) {
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(start + 4, payload).put(start + 8, kind).put(start + 9, (byte) VERSION).putShort(start + 10, (short) 0);
        buffer.putInt(start + 12, Math.toIntExact(synced)).putLong(start + 16, file.incarnation());
        buffer.putInt(start + 24, Math.toIntExact(offset)).putInt(start + 28, (int) (file.number() >>> 20));
        buffer.putInt(start, crc32c(buffer, start + 4, HEADER_BYTES - 4 + payload));
    }

    static int crc32c(ByteBuffer buffer, int from, int length) {
        var crc = new CRC32C();
        crc.update(buffer.slice(from, length));
        return (int) crc.getValue();
    }
}
