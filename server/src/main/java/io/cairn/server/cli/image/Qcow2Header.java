package io.cairn.server.cli.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What must be known of a qcow2 file's head to read the disk in it. Whatever could make that reading wrong was refused when this was built.
///
/// @param l1Entries as many as the disk needs
record Qcow2Header(int version, int clusterBits, long sizeBytes, long l1Offset, int l1Entries) {
    /// Of a name in a message.
    private static final int MAX_NAME_BYTES = 1023;

    int clusterBytes() {
        return 1 << clusterBits;
    }

    /// Of the disk, that one L2 table speaks of.
    int l2Bits() {
        return clusterBits + clusterBits - 3;
    }

    static Qcow2Header read(ImageFile file) throws IOException {
        if (!file.holds(0, Qcow2.HEADER_V2_BYTES))
            throw file.damaged("it has %d bytes, fewer than the head of qcow2".formatted(file.sizeBytes()));
        var head = ByteBuffer.allocate(Qcow2.HEADER_V3_BYTES + 1);
        file.read(0, head.limit((int) Math.min(head.capacity(), file.sizeBytes())));
        head.clear();
        int version = head.getInt(4);
        if (version != 2 && version != 3)
            throw file.refused("is qcow version " + Integer.toUnsignedString(version)
                    + "; versions 2 and 3 can be read, and qemu-img convert -O qcow2 makes one");
        int clusterBits = head.getInt(20);
        if (clusterBits < Qcow2.MIN_CLUSTER_BITS || clusterBits > Qcow2.MAX_CLUSTER_BITS)
            throw file.damaged("clusters of 1 << " + Integer.toUnsignedString(clusterBits) + " bytes");
        if (version == 3)
            checkFeatures(file, head, clusterBits);
        if (head.getLong(8) != 0)
            throw file.refused("has a backing file, `" + backing(file, head)
                    + "`; make it whole with: qemu-img convert -O qcow2 FILE WHOLE");
        if (head.getInt(32) != 0)
            throw file.refused("is encrypted; decrypt it first with qemu-img convert");
        return table(file, head, version, clusterBits);
    }

    private static void checkFeatures(ImageFile file, ByteBuffer head, int clusterBits) throws ImageException {
        int length = head.getInt(100);
        if (length < Qcow2.HEADER_V3_BYTES || length > 1 << clusterBits || length % 8 != 0 || !file.holds(0, length))
            throw file.damaged("a head of " + Integer.toUnsignedString(length) + " bytes");
        long features = head.getLong(72);
        if ((features & Qcow2.INCOMPATIBLE_CORRUPT) != 0)
            throw file.refused("is marked as corrupt; repair it with: qemu-img check -r all");
        if ((features & Qcow2.INCOMPATIBLE_EXTERNAL_DATA) != 0)
            throw file.refused("keeps its data in another file; make it whole with: qemu-img convert -O qcow2 FILE WHOLE");
        if ((features & Qcow2.INCOMPATIBLE_EXTENDED_L2) != 0)
            throw file.refused("has extended L2 entries, which are not known here; convert it with: qemu-img convert -O qcow2"
                    + " -o extended_l2=off FILE OTHER");
        // Dirty says that reference counts may be wrong: nothing here reads them.
        long unknown = features & ~(Qcow2.INCOMPATIBLE_DIRTY | Qcow2.INCOMPATIBLE_COMPRESSION);
        if (unknown != 0)
            throw file.refused(
                    "has features that are not known here (incompatible_features %#x); convert it to raw".formatted(unknown));
        if ((features & Qcow2.INCOMPATIBLE_COMPRESSION) != 0 && (length <= Qcow2.HEADER_V3_BYTES || head.get(104) != 0))
            throw file.refused("is compressed with another method than zlib; convert it with: qemu-img convert -O qcow2"
                    + " -o compression_type=zlib FILE OTHER");
    }

    private static String backing(ImageFile file, ByteBuffer head) throws IOException {
        long offset = head.getLong(8);
        long length = Integer.toUnsignedLong(head.getInt(16));
        if (length > MAX_NAME_BYTES || !file.holds(offset, length))
            throw file.damaged("a backing file's name of %d bytes at %d".formatted(length, offset));
        var name = ByteBuffer.allocate((int) length);
        file.read(offset, name);
        return new String(name.array(), StandardCharsets.UTF_8);
    }

    private static Qcow2Header table(ImageFile file, ByteBuffer head, int version, int clusterBits) throws ImageException {
        long size = head.getLong(24);
        long entries = Integer.toUnsignedLong(head.getInt(36));
        long offset = head.getLong(40);
        if (size < 0)
            throw file.damaged("a disk of " + Long.toUnsignedString(size) + " bytes");
        int l2Bits = clusterBits + clusterBits - 3;
        long needed = (size >> l2Bits) + ((size & ((1L << l2Bits) - 1)) == 0 ? 0 : 1);
        if (needed > Qcow2.MAX_L1_BYTES / Long.BYTES)
            throw file.damaged("a disk of %d bytes is more than clusters of %d bytes can hold".formatted(size, 1 << clusterBits));
        if (entries > Qcow2.MAX_L1_BYTES / Long.BYTES)
            throw file.damaged("its L1 table has %d entries, which is more than any image has".formatted(entries));
        if (entries < needed)
            throw file.damaged("its L1 table has %d entries, and %d are needed".formatted(entries, needed));
        if (needed > 0 && (offset & ((1L << clusterBits) - 1)) != 0)
            throw file.damaged("its L1 table is at " + Long.toUnsignedString(offset) + ", within a cluster");
        if (!file.holds(offset, needed * Long.BYTES))
            throw file.damaged(
                    "its L1 table, %d entries at %s, lies past its end".formatted(needed, Long.toUnsignedString(offset)));
        return new Qcow2Header(version, clusterBits, size, offset, (int) needed);
    }
}
