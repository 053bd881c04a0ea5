package io.cairn.kv.internal.engine;

import io.cairn.kv.Item;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.internal.engine.TableLayout.IndexLayout;
import io.cairn.kv.internal.row.ExpiryRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.StreamRow;
import io.cairn.kv.internal.row.StreamRow.Change;
import io.cairn.replication.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns changes of items into the rows of one batch: the item's own, and those of indexes, expiry and stream. Used for one batch.
final class RowWriter {
    private final Batch batch;
    private final List<Counted> counted = new ArrayList<>(1);
    private int ordinal;

    private record Counted(Counts counts, byte[] row, @Nullable Item before, @Nullable Item after) {}

    RowWriter(Batch batch) {
        this.batch = batch;
    }

    Batch batch() {
        return batch;
    }

    /// To be called before the batch is proposed, under the latches of its rows; then one of the next two is.
    void changing(RecentItems recent) {
        for (var change : counted)
            recent.changing(change.row);
    }

    /// To be called once the batch is applied, under the latches of its rows.
    void applied(RecentItems recent) {
        for (var change : counted) {
            change.counts.changed(change.before, change.after);
            recent.put(change.row, change.after);
        }
    }

    /// To be called when nobody knows whether the batch is applied, under the latches of its rows.
    void failed(RecentItems recent) {
        for (var change : counted)
            recent.forget(change.row);
    }

    /// What is as it was needs no rows: it is durable already.
    ///
    /// @param row key of the item's row
    /// @param expired whether the item is removed because it has expired
    void write(TableLayout table, byte[] row, @Nullable Item before, @Nullable Item after, boolean expired) {
        if (before == null ? after == null : before.equals(after))
            return;
        if (after == null)
            batch.delete(KvSpace.DATA, row);
        else
            batch.put(KvSpace.DATA, row, after.encoded());
        for (var index : table.indexes())
            writeIndex(index, before, after);
        if (table.ttlName() != null)
            writeExpiry(table.ttlName(), row, before, after);
        if (table.row().definition().stream() != null)
            writeStream(table, row, before, after, expired);
        counted.add(new Counted(table.counts(), row, before, after));
    }

    private void writeIndex(IndexLayout index, @Nullable Item before, @Nullable Item after) {
        var oldKey = before == null ? null : index.keys().key(before);
        var newKey = after == null ? null : index.keys().key(after);
        if (oldKey != null && !Arrays.equals(oldKey, newKey))
            batch.delete(index.space(), oldKey);
        if (newKey == null || after == null)
            return;
        var row = index.projector().project(after);
        boolean stands = before != null && index.status() != Status.CREATING
                && Arrays.equals(oldKey, newKey) && index.projector().project(before).equals(row);
        if (!stands)
            batch.put(index.space(), newKey, row.encoded());
    }

    /// For filling an index that was added: the row of an item that stands.
    void fillIndex(IndexLayout index, Item item) {
        var key = index.keys().key(item);
        if (key != null)
            batch.put(index.space(), key, index.projector().project(item).encoded());
    }

    private void writeExpiry(byte[] attribute, byte[] row, @Nullable Item before, @Nullable Item after) {
        long old = before == null ? -1 : ExpiryRow.second(before, attribute);
        long now = after == null ? -1 : ExpiryRow.second(after, attribute);
        if (old >= 0 && old != now)
            batch.delete(KvSpace.TTL, ExpiryRow.key(row, old));
        if (now >= 0)
            batch.put(KvSpace.TTL, ExpiryRow.key(row, now), new byte[0]);
    }

    /// For filling in expiries when they are switched on.
    void fillExpiry(byte[] attribute, byte[] row, Item item) {
        writeExpiry(attribute, row, null, item);
    }

    private void writeStream(TableLayout table, byte[] row, @Nullable Item before, @Nullable Item after, boolean expired) {
        var view = table.row().definition().stream();
        var item = after == null ? before : after;
        if (view == null || item == null)
            return;
        var change = before == null ? Change.INSERT : after == null ? Change.REMOVE : Change.MODIFY;
        var record = new StreamRow(change, expired, table.keyProjector().project(item), view.hasOld() ? before : null,
                view.hasNew() ? after : null);
        batch.put(KvSpace.STREAM, StreamRow.key(row, table.row().streamMicros(), ordinal++), record.encode(),
                Batch.Slot.inKey(StreamRow.STAMP_AT));
    }
}
