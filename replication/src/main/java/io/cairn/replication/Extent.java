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

    public enum Home {
        LOG, OWN_FILE
    }

    public Extent {
        if (file < 0 || offset < 0 || length < 0 || length > MAX_BYTES)
            throw new IllegalArgumentException("no such extent: file=" + file + ", offset=" + offset + ", length=" + length);
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
