package io.cairn.kv.internal.engine;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Page;
import io.cairn.kv.Query;
import io.cairn.kv.Reason;
import io.cairn.kv.Scan;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.TableStream;
import io.cairn.kv.Update;
import io.cairn.kv.WriteResult;
import io.cairn.kv.WriteUnits;
import io.cairn.kv.internal.row.TableRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A table on the log.
final class LogTable implements Table {
    private final Writes writes;
    private volatile TableLayout layout;
    private final Counts counts = new Counts();
    private volatile boolean deleted;
    private final AtomicInteger expirySwitches = new AtomicInteger();

    LogTable(Writes writes, TableRow row) {
        this.writes = writes;
        this.layout = TableLayout.of(row, counts);
    }

    Counts counts() {
        return counts;
    }

    /// How the table is now; a refusal when it was deleted. Inside the gate it stays so.
    TableLayout layout() {
        if (deleted)
            throw notFound(layout.name());
        return layout;
    }

    static KvRefusedException notFound(String name) {
        return new KvRefusedException(Reason.NOT_FOUND, "Requested resource not found: Table: " + name + " not found");
    }

    /// How often an expiry was switched on or off.
    int expirySwitches() {
        return expirySwitches.get();
    }

    /// Alone in the gate.
    void become(TableRow row) {
        if (!Objects.equals(row.definition().ttlAttribute(), layout.row().definition().ttlAttribute()))
            expirySwitches.incrementAndGet();
        layout = TableLayout.of(row, counts);
    }

    /// Alone in the gate.
    void delete() {
        deleted = true;
    }

    @Override
    public TableDefinition definition() {
        return layout().row().definition();
    }

    @Override
    public TableDescription describe() {
        var now = layout();
        var row = now.row();
        var indexes = new HashMap<String, Status>();
        now.indexes().forEach(index -> indexes.put(index.name(), index.status()));
        return new TableDescription(row.definition(), row.id(), Status.ACTIVE, micros(row.createdMicros()), indexes,
                row.streamMicros() == 0 ? null : micros(row.streamMicros()), counts.items(), counts.bytes());
    }

    private static Instant micros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private byte[] row(Item key) {
        var now = layout();
        ItemChecks.key(now.keys(), key);
        return now.row(key);
    }

    @Override
    public @Nullable Item get(Item key) {
        return writes.read(row(key));
    }

    @Override
    public @Nullable Item getIfInMemory(Item key) {
        return writes.readIfInMemory(row(key));
    }

    @Override
    public CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition) {
        return change(new ItemWrite.Put(item, condition));
    }

    @Override
    public CompletableFuture<WriteResult> updateAsync(Item key, Update update, @Nullable Condition condition) {
        return change(new ItemWrite.Update(key, update, condition));
    }

    @Override
    public CompletableFuture<WriteResult> deleteAsync(Item key, @Nullable Condition condition) {
        return change(new ItemWrite.Delete(key, condition));
    }

    private CompletableFuture<WriteResult> change(ItemWrite evaluation) {
        return writes.inside(() -> {
            var now = layout();
            evaluation.check(now);
            return writes.change(now, now.row(evaluation.key()), before -> evaluation.after(now, before), false);
        });
    }

    @Override
    public Page query(Query query) {
        return PageReader.query(writes.store(), layout(), query);
    }

    @Override
    public Page scan(Scan scan) {
        return PageReader.scan(writes.store(), layout(), scan);
    }

    @Override
    public void requireItem(Item item) {
        ItemChecks.item(layout(), item);
    }

    @Override
    public void requireKey(Item key) {
        ItemChecks.key(layout().keys(), key);
    }

    @Override
    public Item keyOf(Item item) {
        return layout().keyOf(item, null);
    }

    @Override
    public WriteUnits units(WriteResult result) {
        var now = layout();
        var indexes = new TreeMap<String, Integer>();
        for (var index : now.indexes()) {
            int units = index.units(result.before(), result.after());
            if (units > 0)
                indexes.put(index.name(), units);
        }
        return new WriteUnits(WriteUnits.of(Math.max(size(result.before()), size(result.after()))), indexes);
    }

    private static int size(@Nullable Item item) {
        return item == null ? 0 : item.size();
    }

    @Override
    public TableStream stream() {
        var row = layout().row();
        if (row.definition().stream() == null)
            throw new KvRefusedException(Reason.NOT_FOUND,
                    "Requested resource not found: Table: " + layout().name() + " has no stream");
        return new LogStream(writes.store(), row.id(), row.streamMicros(), LogStream.ENABLED, writes.clock());
    }
}
