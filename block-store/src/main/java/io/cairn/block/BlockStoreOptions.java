package io.cairn.block;

import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a test, or a machine of unusual size, may want otherwise.
///
/// @param log of the log under the store; its files have at most 64 MiB
/// @param cleaning when blocks are moved out of half-empty files; packs of at most [#MAX_PACK_BYTES]
/// @param unwrittenBytes at most so many bytes of writes wait for the disk; further ones wait until there is room
/// @param checkpointNodes the block map is written when so many of its nodes have changed: bounds memory, and what is read at open
/// @param checkpointNoteBytes or when notes of so many bytes were written
/// @param mapNodes so many nodes of the block map, of about 4 KiB and for 2 MiB of a volume each, are kept in memory; a few more for moments
/// @param limits how fast a volume of this definition is, such as [VolumeLimits#published] says of its type; null: as fast as it can. Reads and writes that are
///     too many are not refused but begin later, by `log`'s clock; up to 4096 of a volume wait, and what comes then completes with
///     [Reason#OVERLOADED]. Asked when a volume is opened and after it was altered; if the limits are others then, its credits are those of a new volume
/// @param keys has the master key of encrypted volumes; null: there can be none, and those that there are cannot be read or written
public record BlockStoreOptions(LogOptions log, CleaningOptions cleaning, int unwrittenBytes, int checkpointNodes,
        int checkpointNoteBytes, int mapNodes, @Nullable Function<VolumeDefinition, VolumeLimits> limits,
        @Nullable KeySource keys) {
    /// An address has room for files of up to 64 MiB, and a pack ends a little behind its size.
    public static final int MAX_PACK_BYTES = 48 << 20;
    private static final CleaningOptions CLEANING = new CleaningOptions(CleaningOptions.DEFAULT.deadShare(),
            CleaningOptions.DEFAULT.slack(), CleaningOptions.DEFAULT.minDeadBytes(), CleaningOptions.DEFAULT.bytesPerSecond(),
            32 << 20,
            CleaningOptions.DEFAULT.period());
    /// Of 64 MiB: as much as 64 GiB is read at random without opening a file for each read.
    private static final int OPEN_FILES = 1024;
    public static final BlockStoreOptions DEFAULT = new BlockStoreOptions(LogOptions.DEFAULT.withOpenFiles(OPEN_FILES), CLEANING,
            32 << 20, 4096, 8 << 20,
            16_384);

    public BlockStoreOptions {
        if (log.fileBytes() > 64 << 20 || cleaning.packBytes() > MAX_PACK_BYTES)
            throw new IllegalArgumentException("files of at most 64 MiB, packs of at most " + MAX_PACK_BYTES + " bytes: "
                    + log.fileBytes() + ", " + cleaning.packBytes());
    }

    /// Without limits and keys.
    public BlockStoreOptions(LogOptions log, CleaningOptions cleaning, int unwrittenBytes, int checkpointNodes,
            int checkpointNoteBytes, int mapNodes) {
        this(log, cleaning, unwrittenBytes, checkpointNodes, checkpointNoteBytes, mapNodes, null, null);
    }

    public BlockStoreOptions withLog(LogOptions other) {
        return new BlockStoreOptions(other, cleaning, unwrittenBytes, checkpointNodes, checkpointNoteBytes, mapNodes, limits,
                keys);
    }

    public BlockStoreOptions withLimits(Function<VolumeDefinition, VolumeLimits> other) {
        return new BlockStoreOptions(log, cleaning, unwrittenBytes, checkpointNodes, checkpointNoteBytes, mapNodes, other,
                keys);
    }

    public BlockStoreOptions withKeys(KeySource other) {
        return new BlockStoreOptions(log, cleaning, unwrittenBytes, checkpointNodes, checkpointNoteBytes, mapNodes, limits,
                other);
    }
}
