package io.cairn.replication.internal.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Head of a log file, version 1, little-endian, 76 bytes; records begin at [#RECORDS_AT].
///
///     offset  bytes  field
///          0      8  magic         "CAIRNLOG"
///          8      4  version       1
///         12      1  engine
///         13      3  zero
///         16      4  group
///         20      4  zero
///         24      8  number        of this file
///         32      8  incarnation   random; every record of this use of the file repeats it
///         40      8  previous      number of the file before, 0 for the first
///         48      8  previous end  where its last record ends; it was durable up to there before this file was begun
///         56      8  first index   index of the first entry in or after this file
///         64      8  epoch         in which it was begun
///         72      4  crc32c        of bytes 0 to 71
record LogFileHeader(int engine, int group, long number, long incarnation, long previous, long previousEnd, long firstIndex,
        long epoch) {
    static final int BYTES = 76;
    static final int RECORDS_AT = 4096;
    static final int VERSION = 1;
    private static final long MAGIC = 0x474F4C4E52494143L; // "CAIRNLOG"

    ByteBuffer encode() {
        var out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC).putInt(VERSION).put((byte) engine).put(new byte[3]).putInt(group).putInt(0).putLong(number);
        out.putLong(incarnation).putLong(previous).putLong(previousEnd).putLong(firstIndex).putLong(epoch);
        out.putInt(RecordFormat.crc32c(out, 0, BYTES - 4));
        return out.flip();
    }

    /// Null when these are not the bytes of a header.
    static @Nullable LogFileHeader decode(ByteBuffer bytes) {
        var in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        if (in.remaining() < BYTES || in.getLong(0) != MAGIC || in.getInt(BYTES - 4) != RecordFormat.crc32c(in, 0, BYTES - 4))
            return null;
        if (in.getInt(8) != VERSION)
            throw new IllegalArgumentException("log file of version " + in.getInt(8) + "; this program knows version " + VERSION
                    + ": open it with the program that wrote it");
        return new LogFileHeader(in.get(12) & 0xFF, in.getInt(16), in.getLong(24), in.getLong(32), in.getLong(40), in.getLong(48),
                in.getLong(56), in.getLong(64));
    }
}
