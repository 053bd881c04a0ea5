package io.cairn.server.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Writes a new qcow2 file of version 3, clusters of 64 KiB, into an empty file:
///
///     head | L1 table | clusters of the disk and L2 tables, as they come | refcount table | refcount blocks
///
/// Every cluster up to the end is used, and used once. So the counts need not be kept while it is written, and of the tables only the L1 table (8 bytes
/// for 512 MiB of the disk) and one L2 table are in memory. Clusters of zeros are left out.
final class Qcow2Writer {
    private static final int CLUSTER_BITS = 16;
    private static final int CLUSTER = 1 << CLUSTER_BITS;
    private static final int ENTRIES = CLUSTER / Long.BYTES;
    private static final int HEADER_BYTES = 112;
    private static final int REFCOUNT_ORDER = 4;
    private static final int COUNTS = CLUSTER / Short.BYTES;

    private final Contents disk;
    private final FileChannel out;
    private final AtomicLong clusters = new AtomicLong();

    Qcow2Writer(Contents disk, FileChannel out) {
        this.disk = disk;
        this.out = out;
    }

    void write(LongConsumer progress) throws IOException {
        int tables = Math.toIntExact(Math.ceilDiv(disk.sizeBytes(), Walk.WINDOW_BYTES));
        var l1 = ByteBuffer.allocate(tables * Long.BYTES);
        clusters.set(1 + Math.ceilDiv((long) l1.capacity(), CLUSTER));
        for (int i = 0; i < tables; i++)
            l1.putLong(writeWindow(i * Walk.WINDOW_BYTES, progress));
        ImageFormat.write(out, CLUSTER, l1.flip());
        long countsAt = clusters.get();
        int countsClusters = writeCounts(countsAt);
        ImageFormat.write(out, 0, head(tables, countsAt, countsClusters));
    }

    /// The L1 entry.
    private long writeWindow(long from, LongConsumer progress) throws IOException {
        var l2 = new long[ENTRIES]; // each part has entries of its own
        long before = clusters.get();
        Walk.over(disk, from, Math.min(disk.sizeBytes(), from + Walk.WINDOW_BYTES), progress, (part, buffer) -> {
            disk.read(part.offset(), buffer);
            for (var run : Zeros.skipped(buffer, CLUSTER))
                writeRun(run, buffer, l2, (int) ((part.offset() - from + run.offset()) / CLUSTER));
        });
        if (clusters.get() == before)
            return 0;
        long at = clusters.getAndIncrement() * CLUSTER;
        var bytes = ByteBuffer.allocate(CLUSTER);
        bytes.asLongBuffer().put(l2);
        ImageFormat.write(out, at, bytes);
        return at | Qcow2.USED_ONCE;
    }

    private void writeRun(Range run, ByteBuffer buffer, long[] l2, int index) throws IOException {
        int count = (int) Math.ceilDiv(run.length(), (long) CLUSTER);
        long at = clusters.getAndAdd(count) * CLUSTER;
        ImageFormat.write(out, at, buffer.slice((int) run.offset(), (int) run.length()));
        int rest = (int) ((long) count * CLUSTER - run.length());
        if (rest > 0) // the disk ends within a cluster
            ImageFormat.write(out, at + run.length(), ByteBuffer.allocate(rest));
        for (int i = 0; i < count; i++)
            l2[index + i] = at + (long) i * CLUSTER | Qcow2.USED_ONCE;
    }

    /// Writes the reference counts, which count their own clusters too. Returns how many clusters their table has.
    private int writeCounts(long first) throws IOException {
        long blocks = 0;
        long table = 0;
        while (true) {
            long neededBlocks = Math.ceilDiv(first + table + blocks, (long) COUNTS);
            long neededTable = Math.ceilDiv(neededBlocks, (long) ENTRIES);
            if (neededBlocks == blocks && neededTable == table)
                break;
            blocks = neededBlocks;
            table = neededTable;
        }
        long total = first + table + blocks;
        var entries = ByteBuffer.allocate(Math.toIntExact(table * CLUSTER));
        for (long i = 0; i < blocks; i++) {
            entries.putLong((first + table + i) * CLUSTER);
            var counts = ByteBuffer.allocate(CLUSTER);
            for (long cluster = i * COUNTS; cluster < Math.min(total, (i + 1) * COUNTS); cluster++)
                counts.putShort((short) 1);
            ImageFormat.write(out, (first + table + i) * CLUSTER, counts.clear());
        }
        ImageFormat.write(out, first * CLUSTER, entries.clear());
        return Math.toIntExact(table);
    }

    private ByteBuffer head(int tables, long countsAt, int countsClusters) {
        var head = ByteBuffer.allocate(CLUSTER);
        head.putInt(Qcow2.MAGIC).putInt(3).putLong(0).putInt(0).putInt(CLUSTER_BITS).putLong(disk.sizeBytes()).putInt(0);
        head.putInt(tables).putLong(CLUSTER).putLong(countsAt * CLUSTER).putInt(countsClusters).putInt(0).putLong(0);
        head.putLong(0).putLong(0).putLong(0).putInt(REFCOUNT_ORDER).putInt(HEADER_BYTES);
        return head.clear(); // compression type and the end of the extensions are zeros
    }
}
