package io.cairn.bench.items;

import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Entrant;
import io.cairn.kv.Item;
import io.cairn.kv.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/// Raw RocksDB: the key's bytes, and the same bytes of the item as Cairn stores. It reads nothing before it writes, checks no key, knows
/// no types.
final class RocksItems implements EmbeddedItems {
    static final String NAME = "RocksDB";
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB database;

    RocksItems(Path directory) throws IOException, RocksDBException {
        Files.createDirectories(directory);
        database = RocksDB.open(options, directory.toString());
    }

    @Override
    public Entrant entrant() {
        return new Entrant(NAME, "RocksDB JNI " + RocksDB.rocksdbVersion(), "synced put (its own log, group commit)",
                "RocksDB.open with default options");
    }

    private static byte[] key(Item item) {
        if (item.get("k") instanceof Value.S(var text))
            return text.getBytes(StandardCharsets.UTF_8);
        throw new IllegalArgumentException("no key in " + item);
    }

    @Override
    public void put(Item item) throws RocksDBException {
        database.put(synced, key(item), item.encoded());
    }

    @Override
    public byte[] get(Item key) throws RocksDBException {
        var found = database.get(key(key));
        if (found == null)
            throw new WrongAnswerException("no item " + key);
        return found;
    }

    @Override
    public void close() {
        database.close();
        synced.close();
        options.close();
    }
}
