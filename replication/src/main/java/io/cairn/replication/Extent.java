package io.cairn.replication;

import java.nio.ByteBuffer;

/// Where bulk bytes lie. Files belong to the group; numbers are never reused, so an address never comes to mean other bytes.
///
/// @param home in the log or in a file of its own
/// @param file number of that file
/// @param offset of the first payload byte in it
/// @param length payload bytes
public record Extent(Home home, long file, int offset, int length) {
    /// Up to this many bytes ride in the log: one write and one sync with the entry that names them.
    public static final int MAX_IN_LOG_BYTES = 256 << 10;
    /// The most that one extent holds; more bytes are several extents.
    public static final int MAX_BYTES = 64 << 20;
    /// The most that [#encode] writes.
    public static final int MAX_ENCODED_BYTES = 10 + 5 + 5;

    private static final int STEP_BITS = 20;
    private static final int PACKED_FROM = 1 << STEP_BITS - 1;
    private static final int STEPS_BITS = 30;
    private static final int PACKED_BITS = 8;
    private static final int OFFSET_BITS = 24;
    private static final int UNIT = 4;

    public enum Home {
        LOG, OWN_FILE
    }

    public Extent {
        if (file < 0 || offset < 0 || length < 0 || length > MAX_BYTES)
            throw new IllegalArgumentException("no such extent: file=" + file + ", offset=" + offset + ", length=" + length);
    }

    /// Home, file and offset in 63 bits, never 0, for engines that keep many: those of extents in the log ascend in its order. Only extents of
    /// at most [#MAX_IN_LOG_BYTES] have one, in log files of at most 64 MiB, and pieces of them that begin at multiples of 4.
    ///
    ///     bit 62       home
    ///     bits 61..32  file / 2^20
    ///     bits 31..24  which file of survivors among those of that number + 1; 0 for the log file
    ///     bits 23..0   offset / 4
    public long address() {
        long step = file >>> STEP_BITS;
        int within = (int) file & (1 << STEP_BITS) - 1;
        int packed = within == 0 ? 0 : within - PACKED_FROM + 1;
        if (step >>> STEPS_BITS != 0 || packed < 0 || packed >= 1 << PACKED_BITS || offset % UNIT != 0
                || offset / UNIT >>> OFFSET_BITS != 0
                || home == Home.LOG != (packed == 0))
            throw new IllegalArgumentException("has no short address: " + this);
        return (long) home.ordinal() << 62 | step << PACKED_BITS + OFFSET_BITS | (long) packed << OFFSET_BITS | offset / UNIT;
    }

    /// The extent, or piece of one, of so many bytes at an [#address].
    public static Extent at(long address, int length) {
        int offset = ((int) address & (1 << OFFSET_BITS) - 1) * UNIT;
        return new Extent(Home.values()[(int) (address >>> 62)], fileAt(address), offset, length);
    }

    /// The file that an [#address] lies in.
    public static long fileAt(long address) {
        int packed = (int) (address >>> OFFSET_BITS) & (1 << PACKED_BITS) - 1;
        long step = address >>> PACKED_BITS + OFFSET_BITS & (1L << STEPS_BITS) - 1;
        return step << STEP_BITS | (packed == 0 ? 0 : packed - 1 + PACKED_FROM);
    }

    /// An address that all extents in log files before this point lie below, and all others of the log at or above.
    public static long endAddress(long logFile, long offset) {
        long at = logFile >>> STEP_BITS << PACKED_BITS + OFFSET_BITS;
        return at + Math.min(offset / UNIT, (1 << OFFSET_BITS) - 1);
    }

    /// The [#address] at which the file begins that this one lies in: the same for all of a file.
    public static long fileAddress(long address) {
        return address & -(1L << OFFSET_BITS);
    }

    /// How much an [#address] grows by so many bytes of one file, which are a multiple of 4.
    public static long addressStep(int bytes) {
        return bytes / UNIT;
    }

    /// Writes the address as engines keep it in rows: varint file * 2 + home, varint offset, varint length.
    public void encode(ByteBuffer into) {
        Varint.put(into, file << 1 | home.ordinal());
        Varint.put(into, offset);
        Varint.put(into, length);
    }

    public static Extent decode(ByteBuffer from) {
        long fileAndHome = Varint.get(from);
        int offset = Math.toIntExact(Varint.get(from));
        int length = Math.toIntExact(Varint.get(from));
        return new Extent((fileAndHome & 1) == 0 ? Home.LOG : Home.OWN_FILE, fileAndHome >>> 1, offset, length);
    }
}
