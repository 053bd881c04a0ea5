package io.cairn.block;

import java.util.Map;

/// What goes with a snapshot.
///
/// @param tags up to [VolumeDefinition#MAX_TAGS]; `Name` is what it is called by
/// @param attributes what a program keeps with it that is no tag; the store does not look at it
public record SnapshotDefinition(Map<String, String> tags, Map<String, String> attributes) {
    public static final SnapshotDefinition UNNAMED = new SnapshotDefinition(Map.of(), Map.of());

    public SnapshotDefinition {
        tags = Map.copyOf(tags);
        attributes = Map.copyOf(attributes);
    }

    public static SnapshotDefinition named(String name) {
        return new SnapshotDefinition(Map.of("Name", name), Map.of());
    }
}
