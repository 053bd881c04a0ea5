package io.cairn.kv.internal.engine;

import io.cairn.kv.StreamDescription;
import io.cairn.kv.internal.row.DisabledStreamRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.StreamRow;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Store.Range;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/// Streams that were switched off, or whose tables were deleted: they stay readable for a day after that. Few, and kept in memory. Any thread.
final class DisabledStreams {
    private final InstantSource clock;
    private final List<DisabledStreamRow> rows = new CopyOnWriteArrayList<>();

    DisabledStreams(InstantSource clock) {
        this.clock = clock;
    }

    /// One that stands in the store.
    void add(DisabledStreamRow row) {
        rows.add(row);
    }

    /// Puts into a batch what is left of the stream of `table`, if it has one; [#ended] follows once that is applied.
    static void end(TableRow table, Batch batch) {
        if (table.definition().stream() == null)
            return;
        var row = DisabledStreamRow.of(table);
        batch.put(KvSpace.META, row.key(), row.encode(), Batch.Slot.inValue(DisabledStreamRow.STAMP_AT));
    }

    /// @param stamp of the batch
    void ended(TableRow table, long stamp) {
        if (table.definition().stream() != null)
            rows.add(DisabledStreamRow.of(table).withStamp(stamp));
    }

    /// Those that can still be read.
    Collection<DisabledStreamRow> readable() {
        return rows.stream().filter(row -> !isOver(row)).toList();
    }

    /// Those whose last record is older than records are kept.
    Collection<DisabledStreamRow> over() {
        return rows.stream().filter(this::isOver).toList();
    }

    private boolean isOver(DisabledStreamRow row) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        return row.stamp() + Background.STREAM_LIFE.toMillis() * 1000 <= now;
    }

    /// All that is left of one.
    static Batch removal(DisabledStreamRow row) {
        var records = Range.prefix(StreamRow.prefix(row.table().id(), row.table().streamMicros()));
        return new Batch().delete(KvSpace.META, row.key()).deleteRange(KvSpace.STREAM, records.from(),
                Objects.requireNonNull(records.to()));
    }

    void removed(DisabledStreamRow row) {
        rows.remove(row);
    }

    static StreamDescription describe(DisabledStreamRow row) {
        return new StreamDescription(row.table().definition(), instant(row.table().streamMicros()), instant(row.stamp()));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
