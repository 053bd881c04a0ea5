package io.cairn.kv.internal.engine;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.kv.TableStream;
import io.cairn.kv.internal.row.ExpiryRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.StreamRow;
import io.cairn.kv.internal.row.TableRow;
import io.cairn.kv.internal.row.TokenRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Store.Range;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What goes on without being asked, on one thread: filling indexes, counting items, removing those that expired, forgetting tokens and what streams told
/// more than a day ago. Each round does a bounded piece of work. Closing waits for the piece that is under way.
final class Background implements AutoCloseable {
    static final Duration STREAM_LIFE = TableStream.KEPT;
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final int ROUND_ITEMS = 1_000;
    /// Of so many tokens each; all that a second's transactions may leave, and more.
    private static final int TOKEN_STEPS = 60;
    /// A range is deleted at each: not too often, or reading has many to step over.
    private static final int ROUNDS_PER_TRIM = 60;
    private static final Duration ROUND = Duration.ofSeconds(1);
    private final Writes writes;
    private final Collection<LogTable> tables;
    private final DisabledStreams disabled;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("cairn-kv-background").factory());
    private volatile boolean closing;
    private volatile boolean started;
    private int rounds;
    /// Of that thread.
    private byte[] tokensFrom = TokenRow.dueFrom(0);

    Background(Writes writes, Collection<LogTable> tables, DisabledStreams disabled, InstantSource clock) {
        this.writes = writes;
        this.tables = tables;
        this.disabled = disabled;
        this.clock = clock;
    }

    void start() {
        started = true;
        var _ = thread.scheduleWithFixedDelay(this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// One round now, at the pace of whoever calls, who waits for it.
    void tend() {
        try {
            thread.submit(this::round).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Fills what was added to a table, soon; at the next [#tend] when this was not started.
    void fill(LogTable table) {
        if (started && Filling.isNeeded(table.layout().row()) && !closing)
            thread.execute(() -> guarded(() -> new Filling(writes, table, () -> closing).run()));
    }

    private void round() {
        boolean trims = rounds++ % ROUNDS_PER_TRIM == 0;
        for (var table : tables)
            guarded(() -> {
                var now = table.layout();
                if (Filling.isNeeded(now.row()))
                    new Filling(writes, table, () -> closing).run();
                if (!table.counts().isWhole())
                    Counting.run(writes, table, () -> closing);
                expire(table);
                if (trims && table.layout().row().definition().stream() != null)
                    trim(table.layout().row());
            });
        if (trims) {
            disabled.readable().forEach(stream -> guarded(() -> trim(stream.table())));
            disabled.over().forEach(stream -> guarded(() -> {
                writes.commit(DisabledStreams.removal(stream));
                disabled.removed(stream);
            }));
        }
        guarded(this::forgetTokens);
    }

    /// A table that was deleted, or a log that fails, is not this thread's to mend; others go on.
    private void guarded(Runnable work) {
        if (closing)
            return;
        try {
            work.run();
        } catch (KvRefusedException e) {
            LOG.debug("left for later: {}", e.getMessage());
        } catch (RuntimeException e) {
            if (!closing)
                LOG.warn("work in the background failed; it is tried again", e);
        }
    }

    /// Through the way of all writes, so that indexes and streams see it. An item that was changed meanwhile stays.
    private void expire(LogTable table) {
        var layout = table.layout();
        var ttl = layout.ttlName();
        if (ttl == null)
            return;
        int id = layout.row().id();
        long now = clock.instant().getEpochSecond();
        var due = new ArrayList<byte[]>();
        var range = new Range(ExpiryRow.from(id, Math.max(0, now - ExpiryRow.MAX_AGE_SECONDS)), ExpiryRow.from(id, now));
        try (var rows = writes.store().scan(KvSpace.TTL, range)) {
            for (rows.seekToFirst(); rows.valid() && due.size() < ROUND_ITEMS; rows.next())
                due.add(ExpiryRow.itemRow(rows.key()));
        }
        for (var row : due) {
            if (closing)
                return;
            var _ = KvStore.await(writes.inside(() -> writes.change(table.layout(), row, before -> {
                if (before == null)
                    return null;
                long second = ExpiryRow.second(before, ttl);
                return second >= 0 && second < now ? null : before;
            }, true)));
        }
    }

    /// @param row of a table, or what is left of it
    private void trim(TableRow row) {
        long until = Math.max(0, clock.millis() - STREAM_LIFE.toMillis()) * 1000; // simulated clocks begin in 1970
        for (int range = 0; range < StreamRow.RANGES; range++) {
            var from = StreamRow.from(row.id(), row.streamMicros(), range, 0, 0);
            var to = StreamRow.from(row.id(), row.streamMicros(), range, until, 0);
            try (var rows = writes.store().scan(KvSpace.STREAM, new Range(from, to))) {
                rows.seekToFirst();
                if (rows.valid())
                    writes.commit(new Batch().deleteRange(KvSpace.STREAM, from, to));
            }
        }
    }

    private void forgetTokens() {
        boolean more = true;
        for (int i = 0; i < TOKEN_STEPS && more && !closing; i++)
            more = forgetSomeTokens();
    }

    /// Whether there may be more. Begins where the last step ended: what was deleted before is not stepped over again.
    private boolean forgetSomeTokens() {
        var due = new ArrayList<byte[]>();
        try (var rows = writes.store().scan(KvSpace.TOKEN, new Range(tokensFrom, TokenRow.dueFrom(clock.millis() + 1)))) {
            for (rows.seekToFirst(); rows.valid() && due.size() < ROUND_ITEMS; rows.next())
                due.add(rows.key());
        }
        if (due.isEmpty())
            return false;
        var tokens = due.stream().map(TokenRow::ofDueKey).toArray(byte[][]::new);
        int _ = KvStore.await(writes.inside(() -> writes.latched(tokens, () -> {
            var rows = new RowWriter(new Batch());
            for (int i = 0; i < tokens.length; i++) {
                rows.batch().delete(KvSpace.TOKEN, due.get(i));
                var stands = writes.store().get(KvSpace.TOKEN, tokens[i]);
                if (stands != null && isForgotten(stands)) // it may have been used again meanwhile
                    rows.batch().delete(KvSpace.TOKEN, tokens[i]);
            }
            return new Writes.Change<>(rows, due.size());
        })));
        tokensFrom = due.getLast();
        return due.size() == ROUND_ITEMS;
    }

    private boolean isForgotten(byte[] token) {
        return TokenRow.decode(token).expiresMillis() <= clock.millis();
    }

    @Override
    public void close() {
        closing = true;
        thread.shutdown(); // an interrupt would close the files that this thread is at
        try {
            if (!thread.awaitTermination(60, TimeUnit.SECONDS))
                LOG.warn("work in the background does not end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
