package io.cairn.server.cli.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;

/// qcow2 files made by hand: head, L1 table, one L2 table and one cluster of data, a cluster each, in this order.
public final class Qcow2Files {
    static final int L1 = 1;
    static final int L2 = 2;
    static final int DATA = 3;

    private Qcow2Files() {}

    /// The disk's first cluster is stored, the others are holes.
    static ByteBuffer of(int version, int clusterBits, long size) {
        int cluster = 1 << clusterBits;
        var file = ByteBuffer.allocate(4 * cluster);
        file.putInt(Qcow2.MAGIC).putInt(version).putLong(0).putInt(0).putInt(clusterBits).putLong(size).putInt(0);
        file.putInt((int) Math.ceilDiv(size, 1L << (2 * clusterBits - 3))).putLong((long) L1 * cluster).putLong(0).putInt(0)
                .putInt(0)
                .putLong(0);
        if (version == 3)
            file.putLong(0).putLong(0).putLong(0).putInt(4).putInt(104);
        file.putLong(L1 * cluster, (long) L2 * cluster | Qcow2.USED_ONCE);
        file.putLong(L2 * cluster, (long) DATA * cluster | Qcow2.USED_ONCE);
        file.put(DATA * cluster, content(cluster));
        return file.clear();
    }

    static byte[] bytes(ByteBuffer file) {
        var bytes = new byte[file.capacity()];
        file.get(0, bytes);
        return bytes;
    }

    /// What the stored cluster holds.
    static byte[] content(int cluster) {
        var bytes = new byte[cluster];
        new Random(cluster).nextBytes(bytes);
        return bytes;
    }

    /// The first cluster is compressed, and begins in the middle of a sector; the file ends with it.
    static byte[] compressed(int clusterBits, byte[] content) {
        int cluster = 1 << clusterBits;
        var file = of(3, clusterBits, 4L * cluster);
        var deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        var deflated = new byte[2 * cluster];
        int length = deflater.deflate(deflated);
        deflater.end();
        int at = DATA * cluster + 100;
        long sectors = (at % 512 + length - 1) / 512;
        file.putLong(L2 * cluster, Qcow2.COMPRESSED | sectors << (62 - (clusterBits - 8)) | at);
        var bytes = new byte[at + length];
        file.get(0, bytes, 0, Math.min(bytes.length, file.capacity()));
        System.arraycopy(deflated, 0, bytes, at, length);
        return bytes;
    }

    public static byte[] withBrokenCompression() {
        var file = compressed(16, new byte[1 << 16]);
        Arrays.fill(file, (DATA << 16) + 100, file.length, (byte) 0xff);
        return file;
    }
}
