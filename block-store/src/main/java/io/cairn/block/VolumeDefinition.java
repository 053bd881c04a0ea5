package io.cairn.block;

import java.util.Map;

/// What a volume is to be.
///
/// @param sizeBytes rounded up to whole blocks of 4 KiB; up to [#MAX_BYTES]
/// @param tags up to [#MAX_TAGS]; `Name` is what it is called by
/// @param attributes what a program keeps with it that is no tag; the store does not look at it
/// @param encrypted whether its blocks are encrypted on the disk, by AES-256-GCM: for good. What is made of it is, too
public record VolumeDefinition(long sizeBytes, VolumeType type, Map<String, String> tags, Map<String, String> attributes,
        boolean encrypted) {
    /// 64 TiB.
    public static final long MAX_BYTES = 64L << 40;
    public static final int MAX_TAGS = 50;

    public VolumeDefinition {
        tags = Map.copyOf(tags);
        attributes = Map.copyOf(attributes);
    }

    /// Not encrypted.
    public VolumeDefinition(long sizeBytes, VolumeType type, Map<String, String> tags, Map<String, String> attributes) {
        this(sizeBytes, type, tags, attributes, false);
    }

    public static VolumeDefinition of(long sizeBytes) {
        return new VolumeDefinition(sizeBytes, VolumeType.GP3, Map.of(), Map.of());
    }

    public VolumeDefinition named(String name) {
        return withTags(Map.of("Name", name));
    }

    public VolumeDefinition withSize(long bytes) {
        return new VolumeDefinition(bytes, type, tags, attributes, encrypted);
    }

    public VolumeDefinition withTags(Map<String, String> newTags) {
        return new VolumeDefinition(sizeBytes, type, newTags, attributes, encrypted);
    }

    public VolumeDefinition withEncryption(boolean asked) {
        return new VolumeDefinition(sizeBytes, type, tags, attributes, asked);
    }
}
