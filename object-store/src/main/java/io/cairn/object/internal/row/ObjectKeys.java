package io.cairn.object.internal.row;

import io.cairn.replication.Extent;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Keys of the spaces, ordered as S3 lists: by bucket, then by the key's bytes.
///
///     current   bucket u32 | key escaped
///     upload    bucket u32 | key escaped | stamp u64 of the upload's begin, which is its number
///     part      upload number u64 | part number u32
///     version   bucket u32 | key escaped | complement of the stamp u64: of each key the newest first
///     shared    00 | address of the content's first extent, or 01 | upload number u64 of the parts
///     setting   bucket u32 | name
public final class ObjectKeys {
    private ObjectKeys() {}

    public static byte[] current(int bucket, byte[] key) {
        return new OrderedBytes(key.length + 8).u32(bucket).escaped(key).toBytes();
    }

    /// The object's key in a row's.
    public static String keyOf(byte[] row) {
        return new String(OrderedBytes.unescape(row, 4), StandardCharsets.UTF_8);
    }

    /// All rows of a bucket whose object key begins with `prefix`.
    public static Range withPrefix(int bucket, byte[] prefix) {
        return Range.prefix(new OrderedBytes(prefix.length + 4).u32(bucket).escapedPrefix(prefix).toBytes());
    }

    /// Where rows of keys behind all that begin with `prefix` may stand.
    public static byte[] behindPrefix(int bucket, byte[] prefix) {
        var after = withPrefix(bucket, prefix).to();
        return after == null ? new byte[]{-1, -1, -1, -1, -1} : after;
    }

    /// The first place behind a row.
    public static byte[] behind(byte[] row) {
        return Arrays.copyOf(row, row.length + 1);
    }

    public static byte[] upload(int bucket, byte[] key, long number) {
        return new OrderedBytes(key.length + 16).u32(bucket).escaped(key).u64(number).toBytes();
    }

    /// Where [#upload] has the number.
    public static int uploadNumberAt(byte[] row) {
        return row.length - 8;
    }

    /// `current` is a row's key in the space of newest versions.
    public static byte[] version(byte[] current, long stamp) {
        return ByteBuffer.allocate(current.length + 8).put(current).putLong(~stamp).array();
    }

    /// Where [#version] has the stamp, complemented.
    public static int stampAt(byte[] version) {
        return version.length - 8;
    }

    /// The stamp in a version's key.
    public static long stampOf(byte[] version) {
        return ~ByteBuffer.wrap(version).getLong(stampAt(version));
    }

    /// The key in the space of newest versions, of a version's.
    public static byte[] currentOf(byte[] version) {
        return Arrays.copyOf(version, stampAt(version));
    }

    /// All versions of one key.
    public static Range versions(byte[] current) {
        return Range.prefix(current);
    }

    /// The bytes of a key that was wrapped.
    public static byte[] bytes(ByteBuffer key) {
        var bytes = new byte[key.remaining()];
        key.get(key.position(), bytes);
        return bytes;
    }

    public static byte[] shared(Extent first) {
        var out = ByteBuffer.allocate(1 + Extent.MAX_ENCODED_BYTES).put((byte) 0);
        first.encode(out);
        return Arrays.copyOf(out.array(), out.position());
    }

    public static byte[] shared(long upload) {
        return ByteBuffer.allocate(9).put((byte) 1).putLong(upload).array();
    }

    public static byte[] setting(int bucket, String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length).putInt(bucket).put(bytes).array();
    }

    public static Range settings(int bucket) {
        return Range.prefix(ByteBuffer.allocate(4).putInt(bucket).array());
    }

    public static byte[] part(long upload, int number) {
        return new OrderedBytes(16).u64(upload).u32(number).toBytes();
    }

    public static Range parts(long upload) {
        return Range.prefix(new OrderedBytes(16).u64(upload).toBytes());
    }
}
