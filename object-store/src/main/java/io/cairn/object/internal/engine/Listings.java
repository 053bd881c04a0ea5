package io.cairn.object.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.ListRequest;
import io.cairn.object.Listing;
import io.cairn.object.MultipartListRequest;
import io.cairn.object.MultipartListing;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.UploadRow;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store;
import java.util.ArrayList;

/// Pages of keys. A common prefix is passed by one seek, so a listing with a delimiter costs by the number of prefixes, not of
/// keys behind them.
final class Listings {
    private Listings() {}

    static Listing objects(Store store, int bucket, ListRequest request) {
        var objects = new ArrayList<ObjectInfo>();
        var prefixes = new ArrayList<String>();
        if (request.max() == 0)
            return new Listing(objects, prefixes, "");
        String last = "";
        try (var rows = store.scan(ObjectSpace.CURRENT, LogBucket.wholeBucket(bucket, request.prefix()))) {
            begin(rows, bucket, request.prefix(), request.delimiter(), request.after());
            while (rows.valid()) {
                if (objects.size() + prefixes.size() == request.max())
                    return new Listing(objects, prefixes, last);
                var key = ObjectKeys.keyOf(rows.key());
                var rolled = commonPrefix(key, request.prefix(), request.delimiter());
                if (rolled.isEmpty()) {
                    objects.add(ObjectRow.decode(rows.value()).info(key));
                    last = key;
                    rows.next();
                } else {
                    prefixes.add(rolled);
                    last = rolled;
                    rows.seek(ObjectKeys.behindPrefix(bucket, rolled.getBytes(UTF_8)));
                }
            }
        }
        return new Listing(objects, prefixes, "");
    }

    static MultipartListing uploads(LogBucket bucket, MultipartListRequest request) {
        var uploads = new ArrayList<MultipartUpload>();
        var prefixes = new ArrayList<String>();
        if (request.max() == 0)
            return new MultipartListing(uploads, prefixes, "", "");
        String lastKey = "";
        String lastId = "";
        try (var rows = bucket.shared().store().scan(ObjectSpace.UPLOADS, LogBucket.wholeBucket(bucket.id(), request.prefix()))) {
            var afterId = UploadId.parse(request.afterId());
            if (afterId != null && !request.afterKey().isEmpty()
                    && !isCommonPrefix(request.afterKey(), request.prefix(), request.delimiter()))
                rows.seek(
                        ObjectKeys.behind(ObjectKeys.upload(bucket.id(), request.afterKey().getBytes(UTF_8), afterId.number())));
            else
                begin(rows, bucket.id(), request.prefix(), request.delimiter(), request.afterKey());
            while (rows.valid()) {
                if (uploads.size() + prefixes.size() == request.max())
                    return new MultipartListing(uploads, prefixes, lastKey, lastId);
                var rowKey = rows.key();
                var key = ObjectKeys.keyOf(rowKey);
                var rolled = commonPrefix(key, request.prefix(), request.delimiter());
                if (rolled.isEmpty()) {
                    var upload = new LogMultipart(bucket, key, OrderedBytes.u64(rowKey, ObjectKeys.uploadNumberAt(rowKey)),
                            UploadRow.decode(rows.value()));
                    uploads.add(upload);
                    lastKey = key;
                    lastId = upload.id();
                    rows.next();
                } else {
                    prefixes.add(rolled);
                    lastKey = rolled;
                    lastId = "";
                    rows.seek(ObjectKeys.behindPrefix(bucket.id(), rolled.getBytes(UTF_8)));
                }
            }
        }
        return new MultipartListing(uploads, prefixes, "", "");
    }

    /// Goes behind `after` with all its rows, or, when that is a common prefix, behind all that begin with it.
    static void begin(Store.Cursor rows, int bucket, String prefix, String delimiter, String after) {
        var bytes = after.getBytes(UTF_8);
        if (after.isEmpty())
            rows.seekToFirst();
        else if (isCommonPrefix(after, prefix, delimiter))
            rows.seek(ObjectKeys.behindPrefix(bucket, bytes));
        else
            rows.seek(behindKey(bucket, bytes));
    }

    /// The first place behind all rows of a key: rows of uploads have a number behind it.
    private static byte[] behindKey(int bucket, byte[] key) {
        var after = OrderedBytes.afterPrefix(ObjectKeys.current(bucket, key));
        if (after == null)
            throw new IllegalStateException("an escaped key ends with 01");
        return after;
    }

    /// Whether keys are rolled up into `text`: then it marks a place behind all of them.
    static boolean isCommonPrefix(String text, String prefix, String delimiter) {
        return !text.isEmpty() && commonPrefix(text, prefix, delimiter).equals(text);
    }

    /// What `key` is rolled up into; empty when it is listed itself.
    static String commonPrefix(String key, String prefix, String delimiter) {
        if (delimiter.isEmpty() || !key.startsWith(prefix))
            return "";
        int at = key.indexOf(delimiter, prefix.length());
        return at < 0 ? "" : key.substring(0, at + delimiter.length());
    }
}
