package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.object.ObjectStore;
import io.cairn.server.cli.Scrubbing.Scrubbed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server does with what its scrub finds.
class ScrubbingTest {
    @TempDir
    Path directory;

    @Test
    void damageBecomesATroubleAndTheStoreServesOn() throws Exception {
        var store = ObjectStore.open(directory);
        try (var scrubbing = new Scrubbing(Scrubbed.of(store), Duration.ofMillis(20), InstantSource.system()).start()) {
            var bucket = store.createBucket("bucket");
            bucket.put("damaged", new byte[300_000]);
            bucket.put("sound", new byte[3000]);
            Thread.sleep(100);
            assertEquals(Optional.empty(), scrubbing.trouble());
            try (var files = Files.list(directory.resolve("0/extents"))) {
                var file = files.findFirst().orElseThrow();
                var bytes = Files.readAllBytes(file);
                bytes[1000] ^= 1;
                Files.write(file, bytes);
            }
            for (int i = 0; i < 500 && scrubbing.trouble().isEmpty(); i++)
                Thread.sleep(10);
            assertTrue(scrubbing.trouble().orElse("").contains("found 1 damages"), () -> scrubbing.trouble().toString());
            try (var sound = bucket.get("sound")) {
                assertEquals(3000, sound.readAllBytes().length);
            }
        }
    }

    @Test
    void damageOfItemsBecomesATroubleToo() throws Exception {
        var definition = TableDefinition.of("Table", KeySchema.of("id"), Map.of("id", ValueType.N));
        try (var filled = KvStore.open(directory)) {
            var table = filled.createTable(definition);
            for (int i = 0; i < 100; i++)
                table.put(Item.of("id", Value.n(i), "text", Value.s("x".repeat(100))));
        }
        var store = KvStore.open(directory);
        try (var scrubbing = new Scrubbing(Scrubbed.of(store), Duration.ofMillis(20), InstantSource.system()).start()) {
            var fresh = Item.of("id", Value.n(1000));
            store.table("Table").put(fresh);
            Thread.sleep(100);
            assertEquals(Optional.empty(), scrubbing.trouble());
            try (var files = Files.list(directory.resolve("0/db"))) {
                for (var file : files.filter(each -> each.toString().endsWith(".sst")).toList()) {
                    var bytes = Files.readAllBytes(file);
                    bytes[bytes.length / 4] ^= 1;
                    Files.write(file, bytes);
                }
            }
            for (int i = 0; i < 500 && scrubbing.trouble().isEmpty(); i++)
                Thread.sleep(10);
            assertTrue(scrubbing.trouble().orElse("").contains("damages"), () -> scrubbing.trouble().toString());
            assertEquals(fresh, store.table("Table").get(fresh));
        }
    }
}
