package io.cairn.object.internal.row;

import io.cairn.object.Checksum;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectMetadata;
import io.cairn.object.internal.checksum.PartDigests;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// An object's row, version 1:
///
///     u8      version     1
///     u64     stamp       filled by the log: order of versions, last modified
///     u8      flags       0; later: delete marker, null version
///     varint  size
///     16      md5         of the bytes, or of the parts' md5s
///     varint  part count  0 when written at once
///             checksum    as [RowWriter]
///             metadata
///     u8      content     0 inline: the bytes; 1 extents; 2 parts: u64 upload number
///
/// Content comes last, so that a listing need not read it.
public record ObjectRow(long stamp, long sizeBytes, byte[] md5, int partCount, @Nullable Checksum checksum,
        ObjectMetadata metadata,
        Content content) {
    public static final int STAMP_AT = 1;
    private static final int VERSION = 1;

    public byte[] encode() {
        var out = new RowWriter(128 + (content instanceof Content.Inline(var bytes) ? bytes.length : 64));
        out.u8(VERSION).u64(stamp).u8(0).varint(sizeBytes).raw(md5).varint(partCount).checksum(checksum).metadata(metadata);
        switch (content) {
            case Content.Inline(var bytes) -> out.u8(0).raw(bytes);
            case Content.Extents(var extents) -> out.u8(1).extents(extents);
            case Content.Parts(long upload) -> out.u8(2).u64(upload);
        }
        return out.toBytes();
    }

    public static ObjectRow decode(byte[] row) {
        var in = new RowReader(row, VERSION);
        long stamp = in.u64();
        int flags = in.u8();
        if (flags != 0)
            throw new IllegalArgumentException("object row with flags " + flags + "; this program is older than the row");
        long size = in.varint();
        var md5 = in.raw(16);
        int partCount = in.count();
        var checksum = in.checksum();
        var metadata = in.metadata();
        int kind = in.u8();
        Content content = switch (kind) {
            case 0 -> new Content.Inline(in.raw((int) size));
            case 1 -> new Content.Extents(in.extents());
            case 2 -> new Content.Parts(in.u64());
            default -> throw new IllegalArgumentException("content of kind " + kind + "; this program is older than the row");
        };
        return new ObjectRow(stamp, size, md5, partCount, checksum, metadata, content);
    }

    public ObjectRow withStamp(long given) {
        return new ObjectRow(given, sizeBytes, md5, partCount, checksum, metadata, content);
    }

    public String etag() {
        return partCount == 0 ? PartDigests.etag(md5) : HexFormat.of().formatHex(md5) + "-" + partCount;
    }

    public ObjectInfo info(String key) {
        return new ObjectInfo(key, sizeBytes, etag(), Stamps.time(stamp), metadata, checksum, partCount);
    }

    /// Whether this object was made by that multipart upload.
    public boolean madeBy(long upload) {
        return content instanceof Content.Parts(long made) && made == upload;
    }
}
