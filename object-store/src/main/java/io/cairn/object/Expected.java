package io.cairn.object;

import org.jspecify.annotations.Nullable;

/// What the sender says of the bytes it sent, to be checked before they become visible.
///
/// @param bytes how many, or -1 when not said
/// @param md5 16 bytes, or null when not said
/// @param checksum value in the upload's own algorithm ([PutOptions#checksum]), or null when not said
public record Expected(long bytes, byte @Nullable [] md5, byte @Nullable [] checksum) {
    public static final Expected NOTHING = new Expected(-1, null, null);
}
