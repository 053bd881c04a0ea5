package io.cairn.object.internal.engine;

import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.Versioning;
import io.cairn.object.internal.row.MarkerRow;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.VersionId;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.StoreView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the version of a key that a reader means. The newest is one look; a version by its id may move between the spaces meanwhile, so
/// that is looked up in a state that stays.
final class Lookup {
    private Lookup() {}

    /// Whether an id names a version that there might be; empty means the newest.
    static void requireValid(String versionId) {
        if (!versionId.isEmpty() && !versionId.equals(ObjectInfo.NULL_VERSION) && VersionId.parse(versionId) == null)
            throw new ObjectRefusedException(Reason.INVALID_VERSION, "not a version id: " + versionId);
    }

    /// @param current the key in the space of newest versions
    static ObjectRow object(Shared shared, Versioning versioning, String key, byte[] current, String versionId) {
        requireValid(versionId);
        if (versionId.isEmpty()) {
            var row = shared.store().get(ObjectSpace.CURRENT, current);
            if (row != null)
                return ObjectRow.decode(row);
            throw new ObjectRefusedException(Reason.NO_SUCH_KEY, "no object " + key,
                    versioning == Versioning.OFF ? "" : markerOf(shared.store(), current));
        }
        return switch (version(shared, current, versionId)) {
            case ObjectRow object -> object;
            case MarkerRow marker -> throw new ObjectRefusedException(Reason.IS_DELETE_MARKER,
                    "version %s of %s is a delete marker".formatted(versionId, key), marker.versionId());
            case null -> throw new ObjectRefusedException(Reason.NO_SUCH_VERSION,
                    "no version %s of %s".formatted(versionId, key));
        };
    }

    /// The id of the delete marker that is the newest version, or empty.
    private static String markerOf(StoreView store, byte[] current) {
        try (var rows = store.scan(ObjectSpace.VERSIONS, ObjectKeys.versions(current))) {
            rows.seekToFirst();
            return rows.valid() && VersionRow.decode(rows.value()) instanceof MarkerRow marker ? marker.versionId() : "";
        }
    }

    private static @Nullable VersionRow version(Shared shared, byte[] current, String versionId) {
        try (var state = shared.store().snapshot()) {
            var row = state.get(ObjectSpace.CURRENT, current);
            var newest = row == null ? null : ObjectRow.decode(row);
            if (newest != null && newest.versionId().equals(versionId))
                return newest;
            var older = older(state, current, versionId);
            return older != null && older.versionId().equals(versionId) ? older : null;
        }
    }

    private static @Nullable VersionRow older(StoreView state, byte[] current, String versionId) {
        long stamp;
        var id = VersionId.parse(versionId);
        if (id == null) {
            var found = state.get(ObjectSpace.NULL_VERSIONS, current);
            if (found == null)
                return null;
            stamp = ByteBuffer.wrap(found).getLong();
        } else
            stamp = id.stamp();
        var row = state.get(ObjectSpace.VERSIONS, ObjectKeys.version(current, stamp));
        return row == null ? null : VersionRow.decode(row);
    }
}
