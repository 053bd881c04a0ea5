package io.cairn.block;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// What can be read by its bytes' positions. Any thread.
public interface BlockDevice {
    /// Where a device is read or written whole: 4 KiB. Anything else works too, at the price of a read for each block that is written in part.
    int BLOCK_BYTES = 4096;

    /// `vol-` or `snap-` and 17 hex digits.
    String id();

    /// A multiple of [#BLOCK_BYTES].
    long sizeBytes();

    /// When it was made.
    Instant created();

    /// Whether its blocks are encrypted on the disk. Then reads and writes complete with [Reason#KEY_UNAVAILABLE] when the store does not have its keys.
    boolean encrypted();

    Map<String, String> tags();

    /// What a program keeps with it that is no tag.
    Map<String, String> attributes();

    /// The tag `Name`; empty for none.
    default String name() {
        return tags().getOrDefault("Name", "");
    }

    /// How many of its bytes are stored, not holes nor zeros; those that it shares with others count too.
    long storedBytes();

    /// How many bytes its deletion would give back: those of blocks that no other volume or snapshot has, nor one that is deleted and not yet given up. Blocks
    /// while the block map is read: what is shared is not looked at. While the device or those that share with it change, about so many.
    long uniqueBytes();

    /// Fills these buffers, one behind the other. Completes with a [CorruptBlockException] when one of the bytes is damaged: then they hold anything.
    /// Overlapping writes that are under way show in part, by whole blocks. The buffers belong to the device until this completes.
    /// `IndexOutOfBoundsException` when the bytes are not all on the device.
    CompletableFuture<Void> read(long offset, ByteBuffer... into);

    /// What the bytes are, in runs in order, at most so many: then they end before `length` does. A block that overlaps the range counts as far as it lies in
    /// it. `IndexOutOfBoundsException` when they are not all on the device.
    List<Allocation> allocation(long offset, long length, int maxRuns);
}
