package io.cairn.object.internal.row;

import io.cairn.object.Versioning;

/// A bucket's versioning as a setting: one byte, 1 enabled, 2 suspended. Absent when it was never on.
public final class VersioningRow {
    private VersioningRow() {}

    public static byte[] encode(Versioning versioning) {
        return new byte[]{switch (versioning) {
            case OFF -> 0;
            case ENABLED -> 1;
            case SUSPENDED -> 2;
        }};
    }

    public static Versioning decode(byte[] row) {
        for (var versioning : Versioning.values())
            if (row.length == 1 && encode(versioning)[0] == row[0])
                return versioning;
        throw new IllegalArgumentException("not a state of versioning; this program is older than the row");
    }
}
