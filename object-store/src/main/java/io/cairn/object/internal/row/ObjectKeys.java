package io.cairn.object.internal.row;

import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import java.nio.charset.StandardCharsets;

/// Keys of the spaces, ordered as S3 lists: by bucket, then by the key's bytes.
///
///     current   bucket u32 | key escaped
///     upload    bucket u32 | key escaped | stamp u64 of the upload's begin, which is its number
///     part      upload number u64 | part number u32
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
        return java.util.Arrays.copyOf(row, row.length + 1);
    }

    public static byte[] upload(int bucket, byte[] key, long number) {
        return new OrderedBytes(key.length + 16).u32(bucket).escaped(key).u64(number).toBytes();
    }

    /// Where [#upload] has the number.
    public static int uploadNumberAt(byte[] row) {
        return row.length - 8;
    }

    public static byte[] part(long upload, int number) {
        return new OrderedBytes(16).u64(upload).u32(number).toBytes();
    }

    public static Range parts(long upload) {
        return Range.prefix(new OrderedBytes(16).u64(upload).toBytes());
    }
}
