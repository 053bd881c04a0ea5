package io.cairn.block;

import io.cairn.replication.LogOptions;

/// What a test, or a machine of unusual size, may want otherwise.
///
/// @param log of the log under the store
/// @param unwrittenBytes at most so many bytes of writes wait for the disk; further ones wait until there is room
/// @param checkpointNodes the block map is written when so many of its nodes have changed: bounds memory, and what is read at open
/// @param checkpointNoteBytes or when notes of so many bytes were written
public record BlockStoreOptions(LogOptions log, int unwrittenBytes, int checkpointNodes, int checkpointNoteBytes) {
    public static final BlockStoreOptions DEFAULT = new BlockStoreOptions(LogOptions.DEFAULT, 32 << 20, 4096, 8 << 20);

    public BlockStoreOptions withLog(LogOptions other) {
        return new BlockStoreOptions(other, unwrittenBytes, checkpointNodes, checkpointNoteBytes);
    }
}
