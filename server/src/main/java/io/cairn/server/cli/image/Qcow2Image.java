package io.cairn.server.cli.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// The disk in a qcow2 file, as it is now: snapshots within the file are passed over.
///
/// All tables are read and checked once when the file is opened, so that a damaged one is known before anything is made of it: every offset is in the
/// file, and the clusters that are named do not add up to more than the file. The latter bounds what a small file can be blown up to:
/// clusters that many entries share are damage here. The L1 table stays in memory, up to 32 MiB; of L2 tables those used last do.
final class Qcow2Image implements DiskImage {
    private static final int L2_CACHE_BYTES = 16 << 20;
    private static final int SECTOR = 512;
    /// No deflated byte stands for more (RFC 1951: 258 bytes in 2 bits).
    private static final int MAX_DEFLATED = 1032;

    private final ImageFile file;
    private final Qcow2Header header;
    private final long[] l1;
    private final Map<Long, long[]> l2ByOffset;

    private Qcow2Image(ImageFile file, Qcow2Header header, long[] l1) {
        this.file = file;
        this.header = header;
        this.l1 = l1;
        int tables = Math.max(4, L2_CACHE_BYTES / header.clusterBytes());
        this.l2ByOffset = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, long[]> eldest) {
                return size() > tables;
            }
        };
    }

    static Qcow2Image of(ImageFile file) throws IOException {
        var header = Qcow2Header.read(file);
        var image = new Qcow2Image(file, header, longs(file, header.l1Offset(), header.l1Entries()));
        image.check();
        return image;
    }

    private static long[] longs(ImageFile file, long offset, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count * Long.BYTES);
        file.read(offset, bytes);
        var values = new long[count];
        bytes.flip().asLongBuffer().get(values);
        return values;
    }

    private void check() throws IOException {
        var tables = new long[l1.length];
        for (int i = 0; i < l1.length; i++)
            tables[i] = tableOffset(i);
        Arrays.sort(tables);
        for (int i = 1; i < tables.length; i++)
            if (tables[i] != 0 && tables[i] == tables[i - 1])
                throw file.damaged("its L1 table names the L2 table at " + tables[i] + " twice");
        long room = file.sizeBytes();
        for (int i = 0; i < l1.length; i++)
            if ((l1[i] & Qcow2.OFFSET_MASK) != 0)
                room = check(i, tables, room);
    }

    /// Checks what one L2 table says.
    ///
    /// @param tables where they all are, sorted
    /// @param room of the file that may still be named; returns what is left of it
    private long check(int index, long[] tables, long room) throws IOException {
        var l2 = longs(file, l1[index] & Qcow2.OFFSET_MASK, header.clusterBytes() / Long.BYTES);
        for (int i = 0; i < l2.length; i++) {
            long at = ((long) index << header.l2Bits()) + ((long) i << header.clusterBits());
            if (at >= header.sizeBytes())
                break;
            room -= checkedBytes(l2[i], at);
            if (room < 0)
                throw file.damaged("its tables name more data than the file has: clusters are used more than once");
            if (!isZero(l2[i]) && (l2[i] & Qcow2.COMPRESSED) == 0
                    && Arrays.binarySearch(tables, l2[i] & Qcow2.OFFSET_MASK) >= 0)
                throw file.damaged(
                        "its L2 entry for byte %d of the disk names a table, at %d".formatted(at, l2[i] & Qcow2.OFFSET_MASK));
        }
        return room;
    }

    /// Whether a cluster has part of the head or of the L1 table in it.
    private boolean isHead(long offset) {
        return offset < header.clusterBytes() || offset < header.l1Offset() + (long) l1.length * Long.BYTES
                && offset + header.clusterBytes() > header.l1Offset();
    }

    /// Where the L2 table of an L1 entry is; 0 for none.
    private long tableOffset(int index) throws ImageException {
        long entry = l1[index];
        long offset = entry & Qcow2.OFFSET_MASK;
        if ((entry & ~(Qcow2.OFFSET_MASK | Qcow2.USED_ONCE)) != 0 || (offset & (header.clusterBytes() - 1)) != 0
                || offset != 0 && (isHead(offset) || !file.holds(offset, header.clusterBytes())))
            throw file.damaged("entry %d of its L1 table is %#x, which is no cluster in the file".formatted(index, entry));
        return offset;
    }

    /// Checks the entry of an L2 table for the cluster at `at` of the disk; how much of the file it takes at least.
    private long checkedBytes(long entry, long at) throws ImageException {
        if ((entry & Qcow2.COMPRESSED) != 0) {
            if ((entry & Qcow2.USED_ONCE) != 0 || compressedOffset(entry) >= file.sizeBytes())
                throw noCluster(entry, at);
            return Math.max(1, header.clusterBytes() / MAX_DEFLATED);
        }
        long offset = entry & Qcow2.OFFSET_MASK;
        long known = Qcow2.OFFSET_MASK | Qcow2.USED_ONCE | (header.version() >= 3 ? Qcow2.ZERO : 0);
        long used = Math.min(header.clusterBytes(), header.sizeBytes() - at);
        if ((entry & ~known) != 0 || (offset & (header.clusterBytes() - 1)) != 0)
            throw noCluster(entry, at);
        if (isZero(entry))
            return 0;
        if (isHead(offset) || !file.holds(offset, used))
            throw noCluster(entry, at);
        return used;
    }

    private ImageException noCluster(long entry, long at) {
        return file.damaged("its L2 entry for byte %d of the disk is %#x, which is no cluster in the file".formatted(at, entry));
    }

    /// Whether the cluster reads as zeros: never written, or said to be zeros (it may keep its place then).
    private static boolean isZero(long entry) {
        return (entry & Qcow2.COMPRESSED) == 0 && ((entry & Qcow2.ZERO) != 0 || (entry & Qcow2.OFFSET_MASK) == 0);
    }

    private int offsetBits() {
        return 62 - (header.clusterBits() - 8);
    }

    private long compressedOffset(long entry) {
        return entry & ((1L << offsetBits()) - 1);
    }

    private long compressedBytes(long entry) {
        long sectors = ((entry & (Qcow2.COMPRESSED - 1)) >>> offsetBits()) + 1;
        long offset = compressedOffset(entry);
        return Math.min(sectors * SECTOR - offset % SECTOR, file.sizeBytes() - offset); // the last sector may end early
    }

    @Override
    public String format() {
        return "qcow2";
    }

    @Override
    public long sizeBytes() {
        return header.sizeBytes();
    }

    /// The L2 entry of the cluster with this byte.
    private long entry(long offset) throws IOException {
        long table = l1[(int) (offset >>> header.l2Bits())] & Qcow2.OFFSET_MASK;
        if (table == 0)
            return 0;
        int index = (int) (offset >>> header.clusterBits()) & (header.clusterBytes() / Long.BYTES - 1);
        synchronized (l2ByOffset) {
            var entries = l2ByOffset.get(table);
            if (entries == null) {
                entries = longs(file, table, header.clusterBytes() / Long.BYTES);
                l2ByOffset.put(table, entries);
            }
            return entries[index];
        }
    }

    @Override
    public List<Range> stored(long from, long to) throws IOException {
        var ranges = new ArrayList<Range>();
        long begin = -1;
        for (long at = from; at < to; at = clusterEnd(at, to)) {
            boolean zero = isZero(entry(at));
            if (!zero && begin < 0)
                begin = at;
            if (zero && begin >= 0) {
                ranges.add(new Range(begin, at - begin));
                begin = -1;
            }
        }
        if (begin >= 0)
            ranges.add(new Range(begin, to - begin));
        return ranges;
    }

    private long clusterEnd(long at, long bound) {
        return Math.min(bound, (at & -header.clusterBytes()) + header.clusterBytes());
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        long end = offset + into.remaining();
        while (offset < end) {
            int count = (int) (clusterEnd(offset, end) - offset);
            readCluster(offset, into.slice(into.position(), count));
            into.position(into.position() + count);
            offset += count;
        }
    }

    /// Fills `into` from within one cluster.
    private void readCluster(long offset, ByteBuffer into) throws IOException {
        long entry = entry(offset);
        int within = (int) (offset & (header.clusterBytes() - 1));
        if ((entry & Qcow2.COMPRESSED) != 0) {
            inflate(entry, within, into, offset);
            return;
        }
        // Again, since the file may have been changed since it was opened.
        checkedBytes(entry, offset - within);
        if (isZero(entry))
            Arrays.fill(into.array(), into.arrayOffset(), into.arrayOffset() + into.limit(), (byte) 0);
        else
            file.read((entry & Qcow2.OFFSET_MASK) + within, into);
    }

    private void inflate(long entry, int within, ByteBuffer into, long offset) throws IOException {
        checkedBytes(entry, offset - within);
        var inflater = new Inflater(true); // without zlib's head and checksum
        try (var in = new InflaterInputStream(new Section(file, compressedOffset(entry), compressedBytes(entry)), inflater,
                8192)) {
            in.skipNBytes(within);
            if (in.readNBytes(into.array(), into.arrayOffset(), into.limit()) < into.limit())
                throw new EOFException("it is too short");
        } catch (ZipException | EOFException e) {
            throw file.damaged(
                    "compressed data for byte %d of the disk, at %d of the file, cannot be inflated (%s)".formatted(offset,
                            compressedOffset(entry), e.getMessage()));
        } finally {
            inflater.end();
        }
    }

    /// Some bytes of the file, one after another.
    private static final class Section extends InputStream {
        private final ImageFile file;
        private long at;
        private long left;

        Section(ImageFile file, long offset, long length) {
            this.file = file;
            this.at = offset;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0)
                return -1;
            int count = (int) Math.min(left, length);
            file.read(at, ByteBuffer.wrap(bytes, offset, count));
            at += count;
            left -= count;
            return count;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
