package io.cairn.object.internal.row;

import io.cairn.object.BucketInfo;

/// A bucket's row, version 1: u8 version, u64 stamp of its making (filled by the log), varint id, owner.
public record BucketRow(long stamp, int id, String owner) {
    public static final int STAMP_AT = 1;
    private static final int VERSION = 1;

    public byte[] encode() {
        return new RowWriter(64).u8(VERSION).u64(stamp).varint(id).text(owner).toBytes();
    }

    public static BucketRow decode(byte[] row) {
        var in = new RowReader(row, VERSION);
        return new BucketRow(in.u64(), in.count(), in.text());
    }

    public BucketInfo info(String name) {
        return new BucketInfo(name, Stamps.time(stamp), owner);
    }
}
