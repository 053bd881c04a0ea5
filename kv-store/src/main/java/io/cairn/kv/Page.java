package io.cairn.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of what a query or scan finds.
///
/// @param scannedCount items looked at: those given, and those that the filter dropped
/// @param scannedBytes size of these
/// @param lastKey where the next page goes on; null at the end
/// @param rowBytes size of the rows that were read: the items' own, or those of an index
/// @param fetchedBlocks of 4 KiB, each begun one whole, of the items that were fetched for an index's rows
public record Page(List<Item> items, int scannedCount, long scannedBytes, @Nullable Item lastKey, long rowBytes,
        long fetchedBlocks) {
    private static final int BLOCK_BYTES = 4096;
    /// A page ends when so many bytes were looked at.
    public static final int MAX_BYTES = 1 << 20;

    public Page {
        items = List.copyOf(items);
    }

    /// One for which nothing was fetched.
    public Page(List<Item> items, int scannedCount, long scannedBytes, @Nullable Item lastKey) {
        this(items, scannedCount, scannedBytes, lastKey, scannedBytes, 0);
    }

    /// Blocks that an item takes.
    public static long blocks(Item item) {
        return (item.size() + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }
}
