package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Items as they were written last, by the keys of their rows, so that the next write of one need not ask the store what stands there. A row
/// is looked up, put and forgotten only by who holds its latch: so what is found is what is applied. Rows share slots, and one takes
/// another's place. Rows of more than [#MAX_BYTES] are not kept, so that all together take at most a 32nd of the heap; there are no more than
/// [#MOST_SLOTS] even on a large one.
final class RecentItems {
    private static final int MOST_SLOTS = 1 << 16;
    private static final int MAX_BYTES = 4 << 10;
    private static final int HEAP_SHARE = 32;
    private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(
            slots(Runtime.getRuntime().maxMemory()));

    /// A power of two.
    static int slots(long heapBytes) {
        return (int) Math.max(2, Math.min(MOST_SLOTS, Long.highestOneBit(heapBytes / HEAP_SHARE / MAX_BYTES)));
    }

    /// @param item null when the row is known to be absent
    record Entry(byte[] row, @Nullable Item item) {}

    /// Null when nothing is known of the row.
    @Nullable
    Entry find(byte[] row) {
        var entry = slots.get(slot(row));
        return entry != null && Arrays.equals(entry.row, row) ? entry : null;
    }

    /// The row was applied with this item.
    void put(byte[] row, @Nullable Item item) {
        if (item == null || item.encoded().length <= MAX_BYTES)
            slots.set(slot(row), new Entry(row, item));
        else
            forget(row);
    }

    /// What becomes of the row is not known.
    void forget(byte[] row) {
        if (find(row) != null)
            slots.set(slot(row), null);
    }

    private int slot(byte[] row) {
        int hash = Arrays.hashCode(row) * 0x9E3779B9;
        return hash >>> 32 - Integer.numberOfTrailingZeros(slots.length());
    }
}
