package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Store.Range;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing is left of a stream that was switched off: nobody could read it, and nothing would trim it.
class StreamSwitchTest {
    @TempDir
    Path directory;

    private static int rows(LogKvStore store) {
        int count = 0;
        try (var rows = store.log().store().scan(KvSpace.STREAM, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                count++;
        }
        return count;
    }

    @Test
    void switchedOffItLeavesNoRows() {
        try (var store = KvStore.open(directory)) {
            assertTrue(store instanceof LogKvStore);
            var definition = TableDefinition.of("Table", KeySchema.of("id"), Map.of("id", ValueType.N))
                    .withStream(StreamView.NEW_IMAGE);
            var other = store.createTable(TableDefinition.of("Other", KeySchema.of("id"), Map.of("id", ValueType.N))
                    .withStream(StreamView.KEYS_ONLY));
            var table = store.createTable(definition);
            for (int i = 0; i < 20; i++) {
                table.put(Item.of("id", Value.n(i)));
                other.put(Item.of("id", Value.n(i)));
            }
            assertEquals(40, rows((LogKvStore) store));
            store.alterTable(definition.withStream(null));
            assertEquals(20, rows((LogKvStore) store));
        }
    }
}
