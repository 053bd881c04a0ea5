package io.cairn.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of what a query or scan finds.
///
/// @param scannedCount items looked at: those given, and those that the filter dropped
/// @param scannedBytes size of these
/// @param lastKey where the next page goes on; null at the end
public record Page(List<Item> items, int scannedCount, long scannedBytes, @Nullable Item lastKey) {
    /// A page ends when so many bytes were looked at.
    public static final int MAX_BYTES = 1 << 20;

    public Page {
        items = List.copyOf(items);
    }
}
