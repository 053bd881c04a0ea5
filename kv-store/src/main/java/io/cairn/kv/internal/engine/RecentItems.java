package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Items as they were written or read last, by the keys of their rows, so that neither the next read of one nor the next write need ask the store.
/// What is found is what is applied, to anyone and without a latch: who changes a row says so before ([#changing]), which takes the row out, and
/// afterwards ([#put], [#forget]); and who reads one puts it in only if no row of the same set was changed meanwhile. A set has two rows, of which
/// one takes another's place. Items of more than [#MAX_BYTES] are not kept, so that all together take at most a 32nd of the heap; there are no more
/// than [#MOST_SLOTS] even on a large one. Thread-safe.
final class RecentItems {
    private static final int MOST_SLOTS = 1 << 16;
    private static final int MAX_BYTES = 4 << 10;
    private static final int HEAP_SHARE = 32;
    private static final int WAYS = 2;
    private static final int LOCKS = 64;
    private final AtomicReferenceArray<@Nullable Entry> slots;
    private final Sets[] locks = new Sets[LOCKS];
    private final int mask;

    /// What is changed under one lock: every 64th set. Of each how many changes are under way, and how many there were.
    private static final class Sets {
        final int[] underWay;
        final int[] changes;

        Sets(int count) {
            this.underWay = new int[count];
            this.changes = new int[count];
        }
    }

    RecentItems() {
        this(slots(Runtime.getRuntime().maxMemory()));
    }

    /// @param count a power of two
    RecentItems(int count) {
        slots = new AtomicReferenceArray<>(count);
        mask = count / WAYS - 1;
        for (int i = 0; i < LOCKS; i++)
            locks[i] = new Sets(count / WAYS / LOCKS + 1);
    }

    /// A power of two.
    static int slots(long heapBytes) {
        return (int) Math.max(WAYS, Math.min(MOST_SLOTS, Long.highestOneBit(heapBytes / HEAP_SHARE / MAX_BYTES)));
    }

    /// @param item null when the row is known to be absent
    record Entry(byte[] row, @Nullable Item item) {}

    /// Null when nothing is known of the row.
    @Nullable
    Entry find(byte[] row) {
        int at = set(row) * WAYS;
        for (int way = 0; way < WAYS; way++) {
            var entry = slots.get(at + way);
            if (entry != null && Arrays.equals(entry.row, row))
                return entry;
        }
        return null;
    }

    /// To be called before a batch that changes the row is proposed, by who holds its latch; then [#put] or [#forget] is, once.
    void changing(byte[] row) {
        int set = set(row);
        var sets = sets(set);
        synchronized (sets) {
            remove(set, row);
            sets.underWay[set / LOCKS]++;
        }
    }

    /// The row was applied with this item.
    void put(byte[] row, @Nullable Item item) {
        int set = set(row);
        var sets = sets(set);
        synchronized (sets) {
            changed(sets, set);
            insert(set, row, item);
        }
    }

    /// What became of the row is not known.
    void forget(byte[] row) {
        int set = set(row);
        var sets = sets(set);
        synchronized (sets) {
            changed(sets, set);
        }
    }

    private static void changed(Sets sets, int set) {
        sets.underWay[set / LOCKS]--;
        sets.changes[set / LOCKS]++;
    }

    /// To be asked before a row is read from the store. Negative while what is read cannot be kept.
    int beforeReading(byte[] row) {
        int set = set(row);
        var sets = sets(set);
        synchronized (sets) {
            return sets.underWay[set / LOCKS] > 0 ? -1 : sets.changes[set / LOCKS] & Integer.MAX_VALUE;
        }
    }

    /// The row was read from the store with this item.
    ///
    /// @param before what [#beforeReading] answered
    void read(byte[] row, @Nullable Item item, int before) {
        int set = set(row);
        var sets = sets(set);
        synchronized (sets) {
            if (before >= 0 && sets.underWay[set / LOCKS] == 0 && (sets.changes[set / LOCKS] & Integer.MAX_VALUE) == before)
                insert(set, row, item);
        }
    }

    private void remove(int set, byte[] row) {
        for (int at = set * WAYS; at < (set + 1) * WAYS; at++) {
            var entry = slots.get(at);
            if (entry != null && Arrays.equals(entry.row, row))
                slots.set(at, null);
        }
    }

    /// In place of the same row, or of none, or of the one that has been there for longer.
    private void insert(int set, byte[] row, @Nullable Item item) {
        remove(set, row);
        if (item != null && item.encoded().length > MAX_BYTES)
            return;
        int first = set * WAYS;
        if (slots.get(first) != null)
            slots.set(first + 1, slots.get(first));
        slots.set(first, new Entry(row, item));
    }

    private Sets sets(int set) {
        return locks[set % LOCKS];
    }

    private int set(byte[] row) {
        int hash = Arrays.hashCode(row) * 0x9E3779B9;
        return hash >>> 16 & mask;
    }
}
