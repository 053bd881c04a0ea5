package io.cairn.object.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectVersion;
import io.cairn.object.VersionListRequest;
import io.cairn.object.VersionListing;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.VersionId;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.Store;
import io.cairn.replication.Store.Cursor;
import io.cairn.replication.StoreSnapshot;
import io.cairn.replication.StoreView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pages of versions: two walks side by side over one state, that of the newest and that of the older ones. Of one key the newest comes
/// first, so a key's row in the first space stands before all of its rows in the second.
final class VersionListings implements AutoCloseable {
    private final int bucket;
    private final VersionListRequest request;
    private final StoreSnapshot state;
    private final Cursor newest;
    private final Cursor older;
    private final List<ObjectVersion> versions = new ArrayList<>();
    private final List<String> prefixes = new ArrayList<>();

    private VersionListings(StoreSnapshot state, int bucket, VersionListRequest request) {
        this.state = state;
        this.bucket = bucket;
        this.request = request;
        newest = state.scan(ObjectSpace.CURRENT, LogBucket.wholeBucket(bucket, request.prefix()));
        older = state.scan(ObjectSpace.VERSIONS, LogBucket.wholeBucket(bucket, request.prefix()));
    }

    static VersionListing page(Store store, int bucket, VersionListRequest request) {
        if (request.max() == 0)
            return new VersionListing(List.of(), List.of(), "", "");
        try (var state = store.snapshot(); var listing = new VersionListings(state, bucket, request)) {
            return listing.page();
        }
    }

    private VersionListing page() {
        begin();
        var lastKey = "";
        var lastVersion = "";
        byte[] lastRow = null;
        for (var row = next(); row != null; row = next()) {
            if (versions.size() + prefixes.size() == request.max())
                return new VersionListing(versions, prefixes, lastKey, lastVersion);
            lastKey = ObjectKeys.keyOf(row);
            var rolled = Listings.commonPrefix(lastKey, request.prefix(), request.delimiter());
            if (!rolled.isEmpty()) {
                prefixes.add(rolled);
                lastKey = rolled;
                lastVersion = "";
                var behind = ObjectKeys.behindPrefix(bucket, rolled.getBytes(UTF_8));
                newest.seek(behind);
                older.seek(behind);
                continue;
            }
            var version = take(row, lastKey, !Arrays.equals(row, lastRow));
            versions.add(version);
            lastVersion = version.versionId();
            lastRow = row;
        }
        return new VersionListing(versions, prefixes, "", "");
    }

    /// The key, in the space of newest versions, to which the next version belongs.
    private byte @Nullable [] next() {
        byte[] first = newest.valid() ? newest.key() : null;
        byte[] second = older.valid() ? ObjectKeys.currentOf(older.key()) : null;
        if (first == null || second == null)
            return first == null ? second : first;
        return Arrays.compareUnsigned(first, second) <= 0 ? first : second;
    }

    /// @param firstOfKey whether no version of its key stands before it on this page
    private ObjectVersion take(byte[] row, String key, boolean firstOfKey) {
        if (newest.valid() && Arrays.equals(newest.key(), row)) {
            var version = ObjectRow.decode(newest.value()).version(key, true);
            newest.next();
            return version;
        }
        var decoded = VersionRow.decode(older.value());
        boolean latest = firstOfKey && isLatest(state, row, decoded.stamp());
        older.next();
        return decoded.version(key, latest);
    }

    /// Whether an older version, or marker, is the newest that there is.
    private static boolean isLatest(StoreView state, byte[] row, long stamp) {
        if (state.get(ObjectSpace.CURRENT, row) != null)
            return false;
        try (var rows = state.scan(ObjectSpace.VERSIONS, ObjectKeys.versions(row))) {
            rows.seekToFirst();
            return rows.valid() && ObjectKeys.stampOf(rows.key()) == stamp;
        }
    }

    private void begin() {
        if (request.afterVersion().isEmpty() || request.afterKey().isEmpty()
                || Listings.isCommonPrefix(request.afterKey(), request.prefix(), request.delimiter())) {
            Listings.begin(newest, bucket, request.prefix(), request.delimiter(), request.afterKey());
            Listings.begin(older, bucket, request.prefix(), request.delimiter(), request.afterKey());
            return;
        }
        var row = ObjectKeys.current(bucket, request.afterKey().getBytes(UTF_8));
        long stamp = stampOf(row);
        var stored = state.get(ObjectSpace.CURRENT, row);
        boolean behindNewest = stored != null && ObjectRow.decode(stored).stamp() >= stamp;
        newest.seek(behindNewest ? ObjectKeys.behind(row) : row);
        older.seek(ObjectKeys.behind(ObjectKeys.version(row, stamp)));
    }

    /// The stamp behind which the page begins. A null version that is gone has left none: then all versions of its key come again.
    private long stampOf(byte[] row) {
        if (!request.afterVersion().equals(ObjectInfo.NULL_VERSION)) {
            var id = VersionId.parse(request.afterVersion());
            return id == null ? Long.MAX_VALUE : id.stamp();
        }
        var stored = state.get(ObjectSpace.CURRENT, row);
        if (stored != null && ObjectRow.decode(stored).isNull())
            return ObjectRow.decode(stored).stamp();
        var older = state.get(ObjectSpace.NULL_VERSIONS, row);
        return older == null ? Long.MAX_VALUE : ByteBuffer.wrap(older).getLong();
    }

    @Override
    public void close() {
        newest.close();
        older.close();
    }
}
