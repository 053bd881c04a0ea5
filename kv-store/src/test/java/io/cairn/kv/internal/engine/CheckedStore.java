package io.cairn.kv.internal.engine;

import io.cairn.kv.Idempotency;
import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.KvStoreOptions;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store.Range;
import io.cairn.replication.StoreView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/// A store with rows of every kind, for planting damage in: bytes of its files, or rows that contradict one another.
record CheckedStore(Path directory) {
    static final int ITEMS = 30;
    private static final int MANY = 300;
    private static final TableDefinition MUSIC = TableDefinition
            .of("Music", KeySchema.of("artist", "song"),
                    Map.of("artist", ValueType.S, "song", ValueType.N, "year", ValueType.N, "plays", ValueType.N))
            .withIndexes(IndexDefinition.global("by-year", KeySchema.of("year"), IndexProjection.ALL),
                    IndexDefinition.local("by-plays", KeySchema.of("artist", "plays"), IndexProjection.KEYS_ONLY))
            .withStream(StreamView.NEW_AND_OLD_IMAGES).withTtlAttribute("until");

    KvStore open() {
        return KvStore.open(directory, new KvStoreOptions(LogOptions.DEFAULT.withFileBytes(256 << 10)));
    }

    /// Makes the store, and closes it in order.
    void fill() {
        try (var store = open()) {
            var music = store.createTable(MUSIC);
            for (int i = 0; i < ITEMS; i++)
                music.put(song(i));
            music.put(song(7));
            KvStore.await(store.transact(
                    List.of(new TransactWrite.Put(music, song(3), null), new TransactWrite.Put(music, song(4), null)),
                    new Idempotency("token", new byte[32])));
            music.delete(Item.of("artist", Value.s("artist 0"), "song", Value.n(0)));
            var plain = store.createTable(TableDefinition.of("Plain", KeySchema.of("id"), Map.of("id", ValueType.N)));
            for (int i = 0; i < MANY; i++)
                plain.put(Item.of("id", Value.n(i), "text", Value.s("x".repeat(i))));
        }
    }

    static Item song(int i) {
        var item = new ItemWriter().name("artist").value(Value.s("artist " + i % 3)).name("song").value(Value.n(i)).name("year")
                .value(Value.n(1950 + i)).name("until").value(Value.n(4_000_000_000L + i));
        if (i % 2 == 0)
            item.name("plays").value(Value.n(i));
        var bytes = new byte[500];
        new Random(i).nextBytes(bytes);
        return item.name("cover").value(new Value.B(bytes)).item();
    }

    /// Writes what the store itself would never write; the store is closed.
    void plant(Function<StoreView, Batch> planted) {
        try (var log = ReplicatedLog.open(directory.resolve("0"), KvSpace.group(0), LogOptions.DEFAULT, CommitListener.NONE)) {
            log.propose(planted.apply(log.store())).done().join();
        }
    }

    /// A row of a space, the `skip`th.
    record Row(byte[] key, byte[] value) {
        static Row of(StoreView store, KvSpace space, int skip) {
            try (var rows = store.scan(space, new Range(new byte[0], null))) {
                rows.seekToFirst();
                for (int i = 0; i < skip; i++)
                    rows.next();
                return new Row(rows.key(), rows.value());
            }
        }
    }

    CheckedStore copyTo(Path other) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.toList()) {
                var target = other.resolve(directory.relativize(file).toString());
                if (Files.isDirectory(file))
                    Files.createDirectories(target);
                else
                    Files.copy(file, target);
            }
        }
        return new CheckedStore(other);
    }
}
