package io.cairn.bench.items;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/// What a round wrote, as far as it can be held against the store afterwards: records that a single connection wrote have the version that
/// it wrote last. Any thread.
final class Written {
    private static final int SHARED = -1;
    private final AtomicIntegerArray owner;
    private final AtomicLongArray version;

    Written(int records) {
        owner = new AtomicIntegerArray(records);
        version = new AtomicLongArray(records);
    }

    /// Before it is written.
    ///
    /// @param connection counted from 0
    void note(int connection, int record, long itsVersion) {
        if (!owner.compareAndSet(record, 0, connection + 1) && owner.get(record) != connection + 1)
            owner.set(record, SHARED);
        version.set(record, itsVersion);
    }

    /// @param version that the record has, if nobody else wrote it
    record Expected(int record, long version) {}

    /// Some of the records that one connection alone wrote.
    List<Expected> some(int most) {
        var all = new ArrayList<Expected>();
        for (int record = 0; record < owner.length(); record++)
            if (owner.get(record) > 0)
                all.add(new Expected(record, version.get(record)));
        Collections.shuffle(all, new Random(all.size()));
        return all.subList(0, Math.min(most, all.size()));
    }
}
