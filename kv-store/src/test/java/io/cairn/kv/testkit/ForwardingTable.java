package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.Page;
import io.cairn.kv.Query;
import io.cairn.kv.Scan;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.TableStream;
import io.cairn.kv.Update;
import io.cairn.kv.WriteResult;
import io.cairn.kv.WriteUnits;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A table that passes everything on to another. Planted bugs override what they get wrong.
class ForwardingTable implements Table {
    final Table table;

    ForwardingTable(Table table) {
        this.table = table;
    }

    @Override
    public TableDescription describe() {
        return table.describe();
    }

    @Override
    public TableDefinition definition() {
        return table.definition();
    }

    @Override
    public @Nullable Item get(Item key) {
        return table.get(key);
    }

    @Override
    public @Nullable Item getIfInMemory(Item key) {
        return table.getIfInMemory(key);
    }

    @Override
    public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
        return table.putAsync(item, condition);
    }

    @Override
    public CompletableFuture<WriteResult> updateAsync(Item key, Update update, @Nullable Condition condition) {
        return table.updateAsync(key, update, condition);
    }

    @Override
    public CompletableFuture<WriteResult> deleteAsync(Item key, @Nullable Condition condition) {
        return table.deleteAsync(key, condition);
    }

    @Override
    public Page query(Query query) {
        return table.query(query);
    }

    @Override
    public Page scan(Scan scan) {
        return table.scan(scan);
    }

    @Override
    public void requireItem(Item item) {
        table.requireItem(item);
    }

    @Override
    public void requireKey(Item key) {
        table.requireKey(key);
    }

    @Override
    public Item keyOf(Item item) {
        return table.keyOf(item);
    }

    @Override
    public WriteUnits units(WriteResult result) {
        return table.units(result);
    }

    @Override
    public TableStream stream() {
        return table.stream();
    }
}
