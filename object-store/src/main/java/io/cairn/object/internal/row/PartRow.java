package io.cairn.object.internal.row;

import io.cairn.object.Checksum;
import io.cairn.object.Part;
import io.cairn.object.internal.checksum.PartDigests;
import org.jspecify.annotations.Nullable;

/// A part's row, version 1: u8 version, u64 stamp (filled by the log), varint size, 16 bytes md5, checksum, u8 content (0 inline, 1 extents)
/// as in [ObjectRow].
public record PartRow(long stamp, long sizeBytes, byte[] md5, @Nullable Checksum checksum, Content content) {
    public static final int STAMP_AT = 1;
    private static final int VERSION = 1;

    public byte[] encode() {
        var out = new RowWriter(128).u8(VERSION).u64(stamp).varint(sizeBytes).raw(md5).checksum(checksum);
        switch (content) {
            case Content.Inline(var bytes) -> out.u8(0).raw(bytes);
            case Content.Extents(var extents) -> out.u8(1).extents(extents);
            case Content.Parts(_) -> throw new IllegalArgumentException("a part is not made of parts");
        }
        return out.toBytes();
    }

    public static PartRow decode(byte[] row) {
        var in = new RowReader(row, VERSION);
        long stamp = in.u64();
        long size = in.varint();
        var md5 = in.raw(16);
        var checksum = in.checksum();
        Content content = in.u8() == 0 ? new Content.Inline(in.raw((int) size)) : new Content.Extents(in.extents());
        return new PartRow(stamp, size, md5, checksum, content);
    }

    public PartRow withStamp(long given) {
        return new PartRow(given, sizeBytes, md5, checksum, content);
    }

    /// The same part, its bytes elsewhere.
    public PartRow withContent(Content other) {
        return new PartRow(stamp, sizeBytes, md5, checksum, other);
    }

    public Part part(int number) {
        return new Part(number, sizeBytes, PartDigests.etag(md5), Stamps.time(stamp), checksum);
    }
}
