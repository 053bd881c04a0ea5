package io.cairn.block.internal.block;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// A block inside an extent, version 1 (the extent's kind), little-endian. An extent holds up to [#MAX_BLOCKS] one behind the other, so that one of them is
/// read, and held against its checksum, for the price of one.
///
///     offset  bytes  field
///          0      4  crc32c   of bytes 4 to 4111
///          4      4  volume   number of the volume that wrote it
///          8      8  block    which of its blocks
///         16   4096  data
public final class BlockFormat {
    /// Kind of the extents.
    public static final int KIND = 1;
    public static final int DATA_BYTES = 4096;
    public static final int HEADER_BYTES = 16;
    public static final int BYTES = HEADER_BYTES + DATA_BYTES;
    /// What an extent in the log has room for.
    public static final int MAX_BLOCKS = (256 << 10) / BYTES;

    private BlockFormat() {}

    /// Writes the header of the block whose data stand behind it already, both from `at` on. Neither position nor limit of `frame` change.
    public static void seal(ByteBuffer frame, int at, int volume, long block) {
        frame.order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(at + 4, volume).putLong(at + 8, block);
        frame.putInt(at, crc32c(frame, at));
    }

    private static int crc32c(ByteBuffer bytes, int at) {
        int position = bytes.position();
        int limit = bytes.limit();
        var crc = new CRC32C();
        bytes.limit(at + BYTES).position(at + 4);
        crc.update(bytes);
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /// What is wrong with the block at `at`, which should be `block`; an empty text for nothing.
    public static String fault(ByteBuffer bytes, int at, long block) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        int stored = bytes.getInt(at);
        int actual = crc32c(bytes, at);
        if (actual != stored)
            return fault(stored, actual);
        return misplaced(bytes.getLong(at + 8), block);
    }

    private static String misplaced(long found, long block) {
        return found == block ? "" : "block " + found + " lies in its place";
    }

    /// Copies the data of the block that lies at `at` of `from` to `into`, whose position moves behind them, and says what is wrong with what was copied, which
    /// should be `block`; an empty text for nothing.
    ///
    /// @param header takes [#HEADER_BYTES]
    public static String take(MemorySegment from, long at, long block, ByteBuffer into, ByteBuffer header) {
        header.clear().order(ByteOrder.LITTLE_ENDIAN);
        MemorySegment.copy(from, at, MemorySegment.ofBuffer(header), 0, HEADER_BYTES);
        int start = into.position();
        int limit = into.limit();
        into.limit(start + DATA_BYTES);
        MemorySegment.copy(from, at + HEADER_BYTES, MemorySegment.ofBuffer(into), 0, DATA_BYTES);
        var crc = new CRC32C();
        crc.update(header.position(4).limit(HEADER_BYTES));
        crc.update(into);
        into.limit(limit);
        int stored = header.getInt(0);
        int actual = (int) crc.getValue();
        return actual == stored ? misplaced(header.getLong(8), block) : fault(stored, actual);
    }

    private static String fault(int stored, int actual) {
        return "stored crc32c %08x, data has %08x".formatted(stored, actual);
    }
}
