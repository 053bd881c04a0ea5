package io.cairn.object.internal.row;

import io.cairn.object.Checksum;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectMetadata;
import io.cairn.object.ObjectVersion;
import io.cairn.object.internal.checksum.PartDigests;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object's row, or a delete marker's, version 1:
///
///     u8      version     1
///     u64     stamp       filled by the log: order of versions, last modified
///     u8      flags       1 delete marker, 2 versioned, 4 tagged, 8 copied; a program refuses bits that it does not know
///     u64     secret      if versioned: half of the version id
///                         a delete marker ends here
///             tags        if tagged
///     varint  size
///     16      md5         of the bytes, or of the parts' md5s
///     varint  part count  0 when written at once
///             checksum    as [RowWriter]
///             metadata
///     u8      content     0 inline: the bytes; 1 extents; 2 parts: u64 upload number
///
/// Content comes last, so that a listing need not read it. A row that is not `versioned` is the key's null version.
///
/// @param secret of a version with an id of its own, else null
/// @param copied whether it took over another row's content
public record ObjectRow(long stamp, @Nullable Long secret, boolean copied, Map<String, String> tags, long sizeBytes, byte[] md5,
        int partCount, @Nullable Checksum checksum, ObjectMetadata metadata, Content content) implements VersionRow {
    public static final int STAMP_AT = 1;
    static final int VERSION = 1;
    static final int MARKER = 1;
    static final int VERSIONED = 2;
    private static final int TAGGED = 4;
    private static final int COPIED = 8;
    private static final int KNOWN = MARKER | VERSIONED | TAGGED | COPIED;

    @Override
    public byte[] encode() {
        var out = new RowWriter(128 + (content instanceof Content.Inline(var bytes) ? bytes.length : 64));
        int flags = (secret == null ? 0 : VERSIONED) | (tags.isEmpty() ? 0 : TAGGED) | (copied ? COPIED : 0);
        out.u8(VERSION).u64(stamp).u8(flags);
        if (secret != null)
            out.u64(secret);
        if (!tags.isEmpty())
            out.texts(tags);
        out.varint(sizeBytes).raw(md5).varint(partCount).checksum(checksum).metadata(metadata);
        switch (content) {
            case Content.Inline(var bytes) -> out.u8(0).raw(bytes);
            case Content.Extents(var extents) -> out.u8(1).extents(extents);
            case Content.Parts(long upload) -> out.u8(2).u64(upload);
        }
        return out.toBytes();
    }

    /// A row of the space of newest versions, where there are no delete markers.
    public static ObjectRow decode(byte[] row) {
        if (VersionRow.decode(row) instanceof ObjectRow object)
            return object;
        throw new IllegalArgumentException("a delete marker stands where an object should");
    }

    static VersionRow decode(RowReader in) {
        long stamp = in.u64();
        int flags = in.u8();
        if ((flags & ~KNOWN) != 0)
            throw new IllegalArgumentException("object row with flags " + flags + "; this program is older than the row");
        Long secret = (flags & VERSIONED) == 0 ? null : in.u64();
        if ((flags & MARKER) != 0)
            return new MarkerRow(stamp, secret);
        Map<String, String> tags = (flags & TAGGED) == 0 ? Map.of() : in.texts();
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
        return new ObjectRow(stamp, secret, (flags & COPIED) != 0, tags, size, md5, partCount, checksum, metadata, content);
    }

    public ObjectRow withStamp(long given) {
        return new ObjectRow(given, secret, copied, tags, sizeBytes, md5, partCount, checksum, metadata, content);
    }

    /// The same object, its bytes elsewhere.
    public ObjectRow withContent(Content other) {
        return new ObjectRow(stamp, secret, copied, tags, sizeBytes, md5, partCount, checksum, metadata, other);
    }

    public ObjectRow withTags(Map<String, String> others) {
        return new ObjectRow(stamp, secret, copied, others, sizeBytes, md5, partCount, checksum, metadata, content);
    }

    public String etag() {
        return partCount == 0 ? PartDigests.etag(md5) : HexFormat.of().formatHex(md5) + "-" + partCount;
    }

    public ObjectInfo info(String key) {
        return new ObjectInfo(key, sizeBytes, etag(), Stamps.time(stamp), metadata, checksum, partCount, versionId(), tags);
    }

    @Override
    public ObjectVersion version(String key, boolean latest) {
        return new ObjectVersion.Stored(info(key), latest);
    }

    /// Whether this object was made by that multipart upload.
    public boolean madeBy(long upload) {
        return !copied && content instanceof Content.Parts(long made) && made == upload;
    }
}
