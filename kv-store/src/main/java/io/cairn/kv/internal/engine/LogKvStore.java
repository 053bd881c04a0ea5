package io.cairn.kv.internal.engine;

import io.cairn.kv.Idempotency;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.kv.KvStoreOptions;
import io.cairn.kv.Reason;
import io.cairn.kv.ScrubReport;
import io.cairn.kv.StreamDescription;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.TableDescription.Status;
import io.cairn.kv.TableStream;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.WriteResult;
import io.cairn.kv.internal.row.CountRow;
import io.cairn.kv.internal.row.DisabledStreamRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.kv.internal.row.TableRow.IndexRow;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Damage;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.Store.Range;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The key-value store on a replicated log. Tables are few and kept in memory; everything else is read from the store.
public final class LogKvStore implements KvStore {
    static final int FORMAT = 1;
    private static final Comparator<StreamDescription> STREAMS = Comparator
            .comparing((StreamDescription stream) -> stream.table().name()).thenComparing(StreamDescription::label);
    private final AutoCloseable directory;
    private final Writes writes;
    private final Transactions transactions;
    private final InstantSource clock;
    private final ConcurrentSkipListMap<String, LogTable> tables = new ConcurrentSkipListMap<>();
    private final DisabledStreams disabled;
    private final Background background;
    private int nextId = 1;
    private boolean closed;

    public static LogKvStore open(Path path, KvStoreOptions options) {
        var directory = EngineDirectory.open(path, Engine.KV, FORMAT);
        try {
            var log = ReplicatedLog.open(directory.group(0), KvSpace.group(0), options.log(), CommitListener.NONE);
            return new LogKvStore(directory, log, options.log().clock());
        } catch (Throwable e) {
            directory.close();
            throw e;
        }
    }

    public static Restored restore(Archive archive, Target target, OptionalLong timeline, Path into) {
        return Restore.engine(archive, KvSpace.group(0), FORMAT, target, timeline, into);
    }

    /// On a log that the caller opened. Closing the store closes it.
    public LogKvStore(AutoCloseable directory, ReplicatedLog log, InstantSource clock) {
        this(directory, log, clock, true);
    }

    /// @param ownPace whether what goes on without being asked (expiry, filling of indexes) goes on by itself; else it waits for [#tend], for
    ///     tests that are repeated exactly
    public LogKvStore(AutoCloseable directory, ReplicatedLog log, InstantSource clock, boolean ownPace) {
        this.directory = directory;
        this.writes = new Writes(log, clock);
        this.clock = clock;
        this.transactions = new Transactions(writes, clock);
        this.disabled = new DisabledStreams(clock);
        this.background = new Background(writes, tables.values(), disabled, clock);
        readTables();
        if (ownPace)
            background.start();
    }

    /// Does a round of what goes on without being asked, and waits for it.
    public void tend() {
        background.tend();
    }

    private void readTables() {
        var counts = new HashMap<Integer, CountRow>();
        try (var rows = writes.store().scan(KvSpace.META, new Range(new byte[0], null))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                if (CountRow.isCount(rows.key()))
                    counts.put(CountRow.table(rows.key()), CountRow.decode(rows.value()));
                else if (TableRow.isTable(rows.key())) {
                    var name = TableRow.name(rows.key());
                    tables.put(name, new LogTable(writes, TableRow.decode(name, rows.value())));
                } else if (DisabledStreamRow.isDisabledStream(rows.key()))
                    disabled.add(DisabledStreamRow.decode(rows.key(), rows.value()));
                else
                    nextId = ByteBuffer.wrap(rows.value()).getInt();
            }
        }
        for (var table : tables.values()) {
            var counted = counts.get(table.layout().row().id());
            if (counted != null)
                table.counts().found(counted.items(), counted.bytes());
        }
        if (!counts.isEmpty()) // they hold until the first change
            writes.commit(new Batch().deleteRange(KvSpace.META, CountRow.key(0), CountRow.key(-1)));
    }

    private void writeCounts() {
        var batch = new Batch();
        for (var table : tables.values())
            if (table.counts().isWhole())
                batch.put(KvSpace.META, CountRow.key(table.layout().row().id()),
                        new CountRow(table.counts().items(), table.counts().bytes()).encode());
        if (!batch.isEmpty())
            writes.commit(batch);
    }

    /// For tests of what goes on in the background.
    Writes writes() {
        return writes;
    }

    /// The log under this store, for tests that end it as a crash would.
    public ReplicatedLog log() {
        return writes.log();
    }

    @Override
    public synchronized Table createTable(TableDefinition definition) {
        TableChecks.definition(definition);
        var name = definition.name();
        if (tables.containsKey(name))
            throw new KvRefusedException(Reason.IN_USE, "Table already exists: " + name);
        if (tables.size() >= MAX_TABLES)
            throw new KvRefusedException(Reason.LIMIT_EXCEEDED,
                    "Subscriber limit exceeded: there is a limit of " + MAX_TABLES + " tables per subscriber");
        long now = micros();
        var indexes = new ArrayList<IndexRow>();
        for (int i = 0; i < definition.indexes().size(); i++)
            indexes.add(new IndexRow(i + 1, Status.ACTIVE));
        var row = new TableRow(nextId, definition, now, indexes, indexes.size() + 1,
                definition.stream() == null ? 0 : label(name), true);
        writes.commit(new Batch().put(KvSpace.META, TableRow.key(name), row.encode()).put(KvSpace.META, TableRow.nextIdKey(),
                ByteBuffer.allocate(4).putInt(nextId + 1).array()));
        nextId++;
        var table = new LogTable(writes, row);
        table.counts().found(0, 0);
        tables.put(name, table);
        return table;
    }

    @Override
    public Table table(String name) {
        return own(name);
    }

    private LogTable own(String name) {
        var table = tables.get(name);
        if (table == null)
            throw LogTable.notFound(name);
        return table;
    }

    @Override
    public List<String> tableNames() {
        return List.copyOf(tables.keySet());
    }

    @Override
    public synchronized TableDescription alterTable(String name, Function<TableDescription, TableDefinition> change) {
        return alterTable(change.apply(own(name).describe()));
    }

    @Override
    public synchronized TableDescription alterTable(TableDefinition definition) {
        var table = own(definition.name());
        writes.gate().alone(() -> {
            var before = table.layout().row();
            var change = Alteration.of(before, definition, label(definition.name()));
            long stamp = writes.commit(change.batch());
            table.become(change.row());
            if (definition.stream() == null)
                disabled.ended(before, stamp);
        });
        background.fill(table);
        return table.describe();
    }

    private long micros() {
        return micros(clock.instant());
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /// One that no other stream of a table of this name has, whatever the clock does; to the millisecond, since the name of a stream has no more of it.
    private long label(String table) {
        long last = streams(table).stream().mapToLong(stream -> micros(stream.label())).max().orElse(-1000);
        return Math.max(micros(), (last / 1000 + 1) * 1000);
    }

    @Override
    public synchronized TableDescription deleteTable(String name) {
        var table = own(name);
        var last = table.describe();
        if (last.definition().deletionProtected())
            throw KvRefusedException.validation(
                    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
        writes.gate().alone(() -> {
            var batch = new Batch().delete(KvSpace.META, TableRow.key(name));
            var from = new OrderedBytes(4).u32(last.id()).toBytes();
            var to = new OrderedBytes(4).u32(last.id() + 1).toBytes();
            for (var space : List.of(KvSpace.DATA, KvSpace.LSI, KvSpace.GSI, KvSpace.TTL))
                batch.deleteRange(space, from, to);
            var row = table.layout().row();
            DisabledStreams.end(row, batch);
            long stamp = writes.commit(batch);
            table.delete();
            tables.remove(name);
            disabled.ended(row, stamp);
        });
        return last;
    }

    @Override
    public List<StreamDescription> streams() {
        var streams = new ArrayList<>(disabled.readable().stream().map(DisabledStreams::describe).toList());
        tables.values().forEach(table -> addStream(table, streams));
        streams.sort(STREAMS);
        return streams;
    }

    @Override
    public List<StreamDescription> streams(String table) {
        var streams = new ArrayList<>(disabled.readable().stream()
                .filter(stream -> stream.table().definition().name().equals(table)).map(DisabledStreams::describe).toList());
        var standing = tables.get(table);
        if (standing != null)
            addStream(standing, streams);
        streams.sort(STREAMS);
        return streams;
    }

    private static void addStream(LogTable table, List<StreamDescription> streams) {
        try {
            var described = table.describe();
            if (described.stream() != null)
                streams.add(new StreamDescription(described.definition(), described.stream(), null));
        } catch (KvRefusedException e) {
            // deleted just now
        }
    }

    @Override
    public TableStream stream(String table, Instant label) {
        long micros = micros(label);
        var standing = tables.get(table);
        if (standing != null && standing.definition().stream() != null && standing.layout().row().streamMicros() == micros)
            return standing.stream();
        for (var stream : disabled.readable())
            if (stream.table().definition().name().equals(table) && stream.table().streamMicros() == micros)
                return new LogStream(writes.store(), stream.table().id(), micros, stream.stamp(), clock);
        throw new KvRefusedException(Reason.NOT_FOUND,
                "Requested resource not found: Stream: " + table + "/" + label + " not found");
    }

    @Override
    public CompletableFuture<List<WriteResult>> transact(List<? extends TransactWrite> requests, @Nullable Idempotency once) {
        return transactions.transact(requests, once);
    }

    @Override
    public List<@Nullable Item> transactGet(List<TransactGet> gets) {
        return transactions.get(gets);
    }

    @Override
    public ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        if (bytesPerSecond < 1)
            throw new IllegalArgumentException("a scrub reads at least a byte a second: " + bytesPerSecond);
        return new Scrub(writes.store(), bytesPerSecond, found,
                () -> ended.getAsBoolean() || Thread.currentThread().isInterrupted()).run();
    }

    @Override
    public Optional<ArchiveStatus> archiveStatus() {
        return writes.log().archiveStatus();
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return writes.log().failed();
    }

    @Override
    public synchronized void close() {
        if (closed)
            return;
        closed = true;
        background.close();
        try {
            // Alone: what was proposed is counted by then, and what comes later finds the log closed.
            writes.gate().alone(() -> {
                writeCounts();
                writes.log().close();
            });
        } catch (RuntimeException e) { // the log has failed: tables are counted again at the next opening
            writes.log().close();
        }
        writes.close();
        try {
            directory.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot unlock the directory", e);
        }
    }
}
