package io.cairn.object.internal.row;

import io.cairn.object.ObjectVersion;
import org.jspecify.annotations.Nullable;

/// A delete marker's row; drawn at [ObjectRow].
public record MarkerRow(long stamp, @Nullable Long secret) implements VersionRow {
    @Override
    public byte[] encode() {
        var out = new RowWriter(64).u8(ObjectRow.VERSION).u64(stamp);
        out.u8(ObjectRow.MARKER | (secret == null ? 0 : ObjectRow.VERSIONED));
        return (secret == null ? out : out.u64(secret)).toBytes();
    }

    @Override
    public ObjectVersion version(String key, boolean latest) {
        return new ObjectVersion.DeleteMarker(key, versionId(), latest, Stamps.time(stamp));
    }
}
