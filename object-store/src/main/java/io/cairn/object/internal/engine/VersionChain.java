package io.cairn.object.internal.engine;

import io.cairn.object.ObjectInfo;
import io.cairn.object.Versioning;
import io.cairn.object.internal.row.MarkerRow;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.VersionId;
import io.cairn.object.internal.row.VersionRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Batch.Slot;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All versions of one key while a change is evaluated under its latch: what stands in the store, what the change has done so far, and
/// the batch that does it. The newest version is in [ObjectSpace#CURRENT] unless it is a delete marker; the others, and all markers, are in
/// [ObjectSpace#VERSIONS]. A change either calls [#put] once, or [#delete] and [#remove] as often as it likes and then [#finish].
final class VersionChain {
    private final Shared shared;
    private final Versioning versioning;
    private final Batch batch;
    private final byte[] key;
    /// The row in the space of newest versions, as stored.
    private final @Nullable ObjectRow stored;
    /// Whether it stays the newest.
    private boolean storedStays;
    /// It, once this change has made it an older version.
    private @Nullable ObjectRow demoted;
    private Set<Long> removed = Set.of();
    private @Nullable MarkerRow marker;

    /// @param key in the space of newest versions
    VersionChain(Shared shared, Versioning versioning, Batch batch, byte[] key) {
        this.shared = shared;
        this.versioning = versioning;
        this.batch = batch;
        this.key = key;
        var row = shared.store().get(ObjectSpace.CURRENT, key);
        this.stored = row == null ? null : ObjectRow.decode(row);
        this.storedStays = stored != null;
    }

    /// The newest object, or null when there is none or a delete marker stands in its place.
    @Nullable
    ObjectRow newest() {
        if (marker != null)
            return null;
        return storedStays ? stored : top() instanceof ObjectRow object ? object : null;
    }

    /// Id of a version that is written now.
    @Nullable
    Long newSecret() {
        return versioning == Versioning.ENABLED ? shared.random().nextLong() : null;
    }

    /// Writes a version; the only thing that this change does to the key.
    void put(ObjectRow row) {
        replaceNewest();
        batch.put(ObjectSpace.CURRENT, key, row.encode(), Slot.inValue(ObjectRow.STAMP_AT));
    }

    /// What was deleted: whether there was something, and the marker that was written or removed, whose stamp may not be known yet.
    record Removal(boolean existed, @Nullable MarkerRow marker) {}

    /// Deletes the newest object, as the bucket's versioning has it. A second time in one change finds the marker of the first.
    Removal delete() {
        if (marker != null)
            return new Removal(false, marker);
        boolean existed = newest() != null;
        replaceNewest();
        if (versioning != Versioning.OFF)
            marker = new MarkerRow(0, newSecret());
        return new Removal(existed, marker);
    }

    /// The newest version makes room: it is kept as an older one or, where the new one takes its id, is gone.
    private void replaceNewest() {
        var newest = stored;
        if (newest != null && storedStays) {
            if (versioning == Versioning.ENABLED || !newest.isNull())
                demote(newest);
            else
                shared.references().release(batch, newest.content());
            storedStays = false;
        }
        if (versioning == Versioning.SUSPENDED)
            removeOlderNull();
    }

    private void demote(ObjectRow row) {
        demoted = row;
        batch.put(ObjectSpace.VERSIONS, ObjectKeys.version(key, row.stamp()), row.encode());
        if (row.isNull())
            batch.put(ObjectSpace.NULL_VERSIONS, key, ByteBuffer.allocate(8).putLong(row.stamp()).array());
    }

    /// Removes one version for ever. An id that no version has is no error.
    Removal remove(String versionId) {
        if (versionId.equals(ObjectInfo.NULL_VERSION))
            return removeNull();
        var id = VersionId.parse(versionId);
        if (id == null)
            throw new IllegalArgumentException("not checked before: " + versionId);
        var newest = stored;
        if (newest != null && storedStays && newest.stamp() == id.stamp())
            return matches(newest, id) ? removeStored(newest) : new Removal(false, null);
        var row = older(id.stamp());
        return row != null && matches(row, id) ? removeOlder(row) : new Removal(false, null);
    }

    private static boolean matches(VersionRow row, VersionId id) {
        var secret = row.secret();
        return secret != null && secret == id.secret();
    }

    private Removal removeNull() {
        var pending = marker;
        if (pending != null && pending.isNull()) {
            marker = null;
            return new Removal(true, pending);
        }
        var newest = stored;
        if (newest != null && storedStays && newest.isNull())
            return removeStored(newest);
        return removeOlderNull();
    }

    private Removal removeStored(ObjectRow row) {
        storedStays = false;
        shared.references().release(batch, row.content());
        return new Removal(true, null);
    }

    private Removal removeOlderNull() {
        VersionRow row = demoted != null && demoted.isNull() ? demoted : null;
        if (row == null) {
            var stamp = shared.store().get(ObjectSpace.NULL_VERSIONS, key);
            row = stamp == null ? null : older(ByteBuffer.wrap(stamp).getLong());
        }
        return row == null || removed.contains(row.stamp()) ? new Removal(false, null) : removeOlder(row);
    }

    private Removal removeOlder(VersionRow row) {
        if (removed.isEmpty())
            removed = new HashSet<>();
        removed.add(row.stamp());
        batch.delete(ObjectSpace.VERSIONS, ObjectKeys.version(key, row.stamp()));
        if (row.isNull())
            batch.delete(ObjectSpace.NULL_VERSIONS, key);
        return switch (row) {
            case ObjectRow object -> {
                shared.references().release(batch, object.content());
                yield new Removal(true, null);
            }
            case MarkerRow gone -> new Removal(true, gone);
        };
    }

    private @Nullable VersionRow older(long stamp) {
        if (removed.contains(stamp))
            return null;
        if (demoted != null && demoted.stamp() == stamp)
            return demoted;
        var row = shared.store().get(ObjectSpace.VERSIONS, ObjectKeys.version(key, stamp));
        return row == null ? null : VersionRow.decode(row);
    }

    /// The newest of the older versions.
    private @Nullable VersionRow top() {
        if (versioning == Versioning.OFF)
            return null;
        if (demoted != null && !removed.contains(demoted.stamp()))
            return demoted;
        try (var rows = shared.store().scan(ObjectSpace.VERSIONS, ObjectKeys.versions(key))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                if (!removed.contains(ObjectKeys.stampOf(rows.key())))
                    return VersionRow.decode(rows.value());
        }
        return null;
    }

    /// Writes what follows from all that was deleted: the marker, or the version that is the newest now.
    void finish() {
        var written = marker;
        if (written != null) {
            removeStoredRow();
            var versionKey = ObjectKeys.version(key, 0);
            batch.put(ObjectSpace.VERSIONS, versionKey, written.encode(), Slot.inKeyInverted(ObjectKeys.stampAt(versionKey)),
                    Slot.inValue(ObjectRow.STAMP_AT));
            if (written.isNull())
                batch.put(ObjectSpace.NULL_VERSIONS, key, new byte[8], Slot.inValue(0));
            return;
        }
        if (storedStays || stored == null && removed.isEmpty())
            return;
        if (top() instanceof ObjectRow promoted) {
            batch.put(ObjectSpace.CURRENT, key, promoted.encode());
            batch.delete(ObjectSpace.VERSIONS, ObjectKeys.version(key, promoted.stamp()));
            if (promoted.isNull())
                batch.delete(ObjectSpace.NULL_VERSIONS, key);
        } else
            removeStoredRow();
    }

    private void removeStoredRow() {
        if (stored != null)
            batch.delete(ObjectSpace.CURRENT, key);
    }
}
