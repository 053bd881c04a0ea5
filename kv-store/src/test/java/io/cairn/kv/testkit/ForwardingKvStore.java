package io.cairn.kv.testkit;

import io.cairn.kv.Idempotency;
import io.cairn.kv.Item;
import io.cairn.kv.KvStore;
import io.cairn.kv.ScrubReport;
import io.cairn.kv.StreamDescription;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.TableStream;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.WriteResult;
import io.cairn.replication.Damage;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A store that passes everything on to another, with tables that get something wrong.
final class ForwardingKvStore implements KvStore {
    final KvStore store;
    private final UnaryOperator<Table> plant;

    ForwardingKvStore(KvStore store, UnaryOperator<Table> plant) {
        this.store = store;
        this.plant = plant;
    }

    @Override
    public Table createTable(TableDefinition definition) {
        return plant.apply(store.createTable(definition));
    }

    @Override
    public Table table(String name) {
        return plant.apply(store.table(name));
    }

    @Override
    public List<String> tableNames() {
        return store.tableNames();
    }

    @Override
    public TableDescription alterTable(String name, Function<TableDescription, TableDefinition> change) {
        return store.alterTable(name, change);
    }

    @Override
    public TableDescription alterTable(TableDefinition definition) {
        return store.alterTable(definition);
    }

    @Override
    public TableDescription deleteTable(String name) {
        return store.deleteTable(name);
    }

    @Override
    public List<StreamDescription> streams() {
        return store.streams();
    }

    @Override
    public List<StreamDescription> streams(String table) {
        return store.streams(table);
    }

    @Override
    public TableStream stream(String table, Instant label) {
        return store.stream(table, label);
    }

    private static Table own(Table table) {
        return table instanceof ForwardingTable forwarding ? forwarding.table : table;
    }

    @Override
    public CompletableFuture<List<WriteResult>> transact(List<? extends TransactWrite> writes, @Nullable Idempotency once) {
        return store.transact(writes.stream().map(write -> switch (write) {
            case TransactWrite.Put(var table, var item, var condition) -> new TransactWrite.Put(own(table), item, condition);
            case TransactWrite.Update(var table, var key, var update, var condition) ->
                new TransactWrite.Update(own(table), key, update, condition);
            case TransactWrite.Delete(var table, var key, var condition) -> new TransactWrite.Delete(own(table), key, condition);
            case TransactWrite.Check(var table, var key, var condition) -> new TransactWrite.Check(own(table), key, condition);
        }).toList(), once);
    }

    @Override
    public List<@Nullable Item> transactGet(List<TransactGet> gets) {
        return store.transactGet(gets.stream().map(get -> new TransactGet(own(get.table()), get.key())).toList());
    }

    @Override
    public ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        return store.scrub(bytesPerSecond, found, ended);
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return store.failed();
    }

    @Override
    public void close() {
        store.close();
    }
}
