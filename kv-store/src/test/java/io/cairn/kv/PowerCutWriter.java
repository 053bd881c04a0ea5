package io.cairn.kv;

import io.cairn.kv.testkit.KilledTable;
import io.cairn.kv.testkit.KilledWrites;
import io.cairn.kv.testkit.KilledWrites.Write;
import io.cairn.replication.LogOptions;
import io.cairn.replication.testkit.Acknowledgements;
import io.cairn.replication.testkit.UnsyncedDisk;
import java.nio.file.Path;
import java.util.List;

/// The process whose power goes: clients that follow their plans and tell on standard output `CLIENT KIND` for each write that was
/// acknowledged, until the end comes.
final class PowerCutWriter {
    static final int CLIENTS = 8;
    /// Small files, so that a round fills, flushes and recycles some.
    static final LogOptions OPTIONS = LogOptions.DEFAULT.withFileBytes(1 << 20).withFlushBytes(2 << 20);

    private PowerCutWriter() {}

    /// @param arguments directory, seed, round, milliseconds until the cut, whether syncs are real
    static void main(String[] arguments) {
        var directory = Path.of(arguments[0]);
        boolean synced = Boolean.parseBoolean(arguments[4]);
        var store = KvStore.open(directory, new KvStoreOptions(synced ? OPTIONS : OPTIONS.withDisks(UnsyncedDisk::of)));
        var table = table(store);
        var told = Acknowledgements.toStandardOutput();
        told.cutPowerAfter(Integer.parseInt(arguments[3]), directory);
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            var writes = new KilledWrites(client, Long.parseLong(arguments[1]));
            writes.round(Integer.parseInt(arguments[2]));
            Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        var write = writes.next();
                        carryOut(store, table, writes, write);
                        writes.done();
                        told.tell(client + " " + write.kind());
                    }
                } catch (Throwable e) {
                    // The disk is gone, and whoever started this ends it; if the disk is there, the test misses the cut.
                }
            });
        }
    }

    /// A cut may have come before it was made.
    static Table table(KvStore store) {
        return store.tableNames().contains(KilledTable.NAME)
                ? store.table(KilledTable.NAME)
                : store.createTable(KilledTable.DEFINITION);
    }

    private static void carryOut(KvStore store, Table table, KilledWrites writes, Write write) {
        switch (write.kind()) {
            case PUT -> table.put(write.item());
            case UPDATE -> table.update(write.item(), writes.update());
            case DELETE -> table.delete(write.item());
            case TRANSACT -> KvStore.await(store.transact(List.of(new TransactWrite.Put(table, write.items().getFirst(), null),
                    new TransactWrite.Put(table, write.items().getLast(), null)), null));
        }
    }
}
