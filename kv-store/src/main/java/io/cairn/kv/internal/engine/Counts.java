package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// How many items a table has and how large they are. Any thread. After a crash only changes are known until all is counted once more.
final class Counts {
    private final LongAdder items = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile boolean whole;

    void changed(@Nullable Item before, @Nullable Item after) {
        int more = (after == null ? 0 : 1) - (before == null ? 0 : 1);
        if (more != 0)
            items.add(more);
        bytes.add((after == null ? 0 : after.size()) - (before == null ? 0 : before.size()));
    }

    /// Forgets what was counted, so that what was there can be counted: no change is on its way at that moment.
    void restart() {
        whole = false;
        items.reset();
        bytes.reset();
    }

    /// What was there before the changes.
    void found(long foundItems, long foundBytes) {
        items.add(foundItems);
        bytes.add(foundBytes);
        whole = true;
    }

    /// Whether it is all, not only what changed.
    boolean isWhole() { return whole; }

    long items() {
        return Math.max(0, items.sum());
    }

    long bytes() {
        return Math.max(0, bytes.sum());
    }
}
