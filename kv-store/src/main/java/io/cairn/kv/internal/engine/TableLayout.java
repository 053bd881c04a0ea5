package io.cairn.kv.internal.engine;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.WriteUnits;
import io.cairn.kv.internal.row.KeyLayout;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TableRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table's row, with what follows from it for keys. Immutable but for the counts: a change of the table makes a new one.
///
/// @param keyProjector takes an item's key
/// @param ttlName in UTF-8; null when no item expires
record TableLayout(TableRow row, KeyLayout keys, Projector keyProjector, List<IndexLayout> indexes, byte @Nullable [] ttlName,
        Counts counts) {
    /// An index of it.
    record IndexLayout(IndexDefinition definition, int id, Status status, KeyLayout keys, Projector projector,
            Projector keyProjector) {
        KvSpace space() {
            return definition.isLocal() ? KvSpace.LSI : KvSpace.GSI;
        }

        String name() {
            return definition.name();
        }

        /// What a change of an item counts as in this index: nothing when its row stays, one write for a row put, removed or changed in place,
        /// two for one that moves.
        int units(@Nullable Item before, @Nullable Item after) {
            var oldKey = before == null ? null : keys.key(before);
            var newKey = after == null ? null : keys.key(after);
            int old = oldKey == null || before == null ? 0 : projector.project(before).size();
            int now = newKey == null || after == null ? 0 : projector.project(after).size();
            if (oldKey == null || newKey == null || before == null || after == null)
                return (oldKey == null ? 0 : WriteUnits.of(old)) + (newKey == null ? 0 : WriteUnits.of(now));
            if (!Arrays.equals(oldKey, newKey))
                return WriteUnits.of(old) + WriteUnits.of(now);
            return projector.project(before).equals(projector.project(after)) ? 0 : WriteUnits.of(Math.max(old, now));
        }
    }

    static TableLayout of(TableRow row, Counts counts) {
        var definition = row.definition();
        var keys = KeyLayout.table(row.id(), definition);
        var indexes = new ArrayList<IndexLayout>();
        for (int i = 0; i < row.indexes().size(); i++) {
            var index = definition.indexes().get(i);
            var state = row.indexes().get(i);
            var indexKeys = KeyLayout.index(row.id(), state.id(), index.key(), definition.attributes(), keys);
            indexes.add(new IndexLayout(index, state.id(), state.status(), indexKeys, Projector.of(index, definition.key()),
                    Projector.keys(indexKeys.names())));
        }
        var ttl = definition.ttlAttribute();
        return new TableLayout(row, keys, Projector.keys(keys.names()), List.copyOf(indexes),
                ttl == null ? null : ttl.getBytes(StandardCharsets.UTF_8), counts);
    }

    String name() {
        return row.definition().name();
    }

    /// Key of the row of an item, or of a key, that was checked.
    byte[] row(Item item) {
        var row = keys.key(item);
        if (row == null)
            throw new IllegalStateException("the key was not checked");
        return row;
    }

    /// Null for null: the table itself. A [KvRefusedException] when there is no such index, or it is not yet filled.
    @Nullable
    IndexLayout index(@Nullable String name) {
        if (name == null)
            return null;
        for (var index : indexes)
            if (index.name().equals(name)) {
                if (index.status() == Status.CREATING)
                    throw new KvRefusedException(Reason.VALIDATION,
                            "Cannot read from backfilling global secondary index: " + name);
                return index;
            }
        throw KvRefusedException.validation("The table does not have the specified index: " + name);
    }

    /// The key attributes of `item`: of the table, and of `index` when it comes from one.
    Item keyOf(Item item, @Nullable IndexLayout index) {
        return (index == null ? keyProjector : index.keyProjector).project(item);
    }
}
