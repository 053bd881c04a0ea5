package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How many items a table has is told right: after a close in order at once, after a crash once it was counted.
@Timeout(60)
class CountingTest {
    @TempDir
    Path directory;

    private static Item item(int i) {
        return Item.of("id", Value.n(i), "text", Value.s("x".repeat(i)));
    }

    @Test
    void countsAreKeptAndCountedAgainAfterACrash() throws Exception {
        var home = directory.resolve("kv");
        TableDescription closed;
        try (var store = KvStore.open(home)) {
            var table = store.createTable(TableDefinition.of("Table", KeySchema.of("id"), Map.of("id", ValueType.N)));
            for (int i = 0; i < 50; i++)
                table.put(item(i));
            for (int i = 0; i < 10; i++)
                table.delete(Item.of("id", Value.n(i)));
            table.put(item(20));
            closed = table.describe();
            assertEquals(40, closed.itemCount());
        }
        try (var store = KvStore.open(home)) {
            var table = store.table("Table");
            assertEquals(closed.sizeBytes(), table.describe().sizeBytes());
            assertEquals(40, table.describe().itemCount());
            table.put(item(60));
            var crashed = directory.resolve("crashed");
            copy(home, crashed); // as a crash leaves it: every write that returned is synced
            try (var again = KvStore.open(crashed)) {
                var counted = again.table("Table");
                for (int tries = 0; counted.describe().itemCount() != 41 && tries < 500; tries++)
                    Thread.sleep(20);
                assertEquals(41, counted.describe().itemCount());
                assertEquals(table.describe().sizeBytes(), counted.describe().sizeBytes());
            }
        }
        try (var store = KvStore.open(home)) {
            assertEquals(41, store.table("Table").describe().itemCount());
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file))
                    Files.createDirectories(target);
                else
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        assertTrue(Files.exists(to.resolve("FORMAT")));
    }
}
