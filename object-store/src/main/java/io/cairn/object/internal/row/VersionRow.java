package io.cairn.object.internal.row;

import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectVersion;
import org.jspecify.annotations.Nullable;

/// One version of a key: an object, or the mark of a deletion.
public sealed interface VersionRow permits ObjectRow, MarkerRow {
    long stamp();

    /// Half of its id; null for a null version.
    @Nullable
    Long secret();

    byte[] encode();

    ObjectVersion version(String key, boolean latest);

    default boolean isNull() { return secret() == null; }

    default String versionId() {
        var secret = secret();
        return secret == null ? ObjectInfo.NULL_VERSION : new VersionId(stamp(), secret).text();
    }

    static VersionRow decode(byte[] row) {
        return ObjectRow.decode(new RowReader(row, ObjectRow.VERSION));
    }
}
