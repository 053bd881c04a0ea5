package io.cairn.block;

import java.util.Map;

/// What a volume is to be.
///
/// @param sizeBytes rounded up to whole blocks of 4 KiB; up to [#MAX_BYTES]
/// @param tags up to [#MAX_TAGS]; `Name` is what it is called by
public record VolumeDefinition(long sizeBytes, VolumeType type, Map<String, String> tags) {
    /// 64 TiB.
    public static final long MAX_BYTES = 64L << 40;
    public static final int MAX_TAGS = 50;

    public VolumeDefinition {
        tags = Map.copyOf(tags);
    }

    public static VolumeDefinition of(long sizeBytes) {
        return new VolumeDefinition(sizeBytes, VolumeType.GP3, Map.of());
    }

    public VolumeDefinition named(String name) {
        return new VolumeDefinition(sizeBytes, type, Map.of("Name", name));
    }
}
