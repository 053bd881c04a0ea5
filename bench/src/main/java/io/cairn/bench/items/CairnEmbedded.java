package io.cairn.bench.items;

import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Entrant;
import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.ValueType;
import java.nio.file.Path;
import java.util.Map;

/// The key-value store as a library.
final class CairnEmbedded implements EmbeddedItems {
    static final String NAME = "Cairn embedded";
    private final KvStore store;
    private final Table table;

    CairnEmbedded(Path directory) {
        store = KvStore.open(directory);
        table = store.createTable(TableDefinition.of("bench", KeySchema.of("k"), Map.of("k", ValueType.S)));
    }

    @Override
    public Entrant entrant() {
        return new Entrant(NAME, "of this checkout", "every put is on disk (fdatasync) before it returns",
                "KvStore.open(directory)");
    }

    @Override
    public void put(Item item) {
        table.put(item);
    }

    @Override
    public byte[] get(Item key) {
        var item = table.get(key);
        if (item == null)
            throw new WrongAnswerException("no item " + key);
        return item.encoded();
    }

    @Override
    public void close() {
        store.close();
    }
}
