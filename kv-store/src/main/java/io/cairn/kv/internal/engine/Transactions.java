package io.cairn.kv.internal.engine;

import io.cairn.kv.Idempotency;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvRefusedException.Cancellation;
import io.cairn.kv.KvStore.TransactGet;
import io.cairn.kv.Reason;
import io.cairn.kv.Table;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.WriteResult;
import io.cairn.kv.internal.engine.Writes.Change;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.TokenRow;
import io.cairn.replication.Batch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Several items at once: all latches, all checks, one batch. Latches are taken in one order by all, so transactions wait for one another
/// and never for ever.
final class Transactions {
    static final Duration TOKEN_LIFE = Duration.ofMinutes(10);
    /// API reference, TransactGetItems and TransactWriteItems: "The aggregate size of the items in the transaction cannot exceed 4 MB."
    private static final long MAX_ITEMS = 4 << 20;
    private final Writes writes;
    private final InstantSource clock;

    Transactions(Writes writes, InstantSource clock) {
        this.writes = writes;
        this.clock = clock;
    }

    /// One of the writes, with where it goes.
    private record Step(TableLayout table, byte[] row, ItemWrite write) {}

    CompletableFuture<List<WriteResult>> transact(List<? extends TransactWrite> requests, @Nullable Idempotency once) {
        return writes.inside(() -> {
            var steps = steps(requests);
            var keys = new ArrayList<byte[]>();
            steps.forEach(step -> keys.add(step.row));
            if (once != null)
                keys.add(TokenRow.key(once.token()));
            return writes.latched(keys.toArray(byte[][]::new), () -> evaluate(steps, once));
        });
    }

    private static LogTable own(Table table) {
        if (table instanceof LogTable own)
            return own;
        throw new IllegalArgumentException("a transaction's tables are of its store");
    }

    private static List<Step> steps(List<? extends TransactWrite> requests) {
        var steps = new ArrayList<Step>();
        var seen = new HashSet<ByteBuffer>();
        var refused = new ArrayList<Cancellation>();
        for (var request : requests) {
            var table = own(request.table()).layout();
            var write = write(request);
            ItemChecks.noEmptyKey(table.keys(), write.key());
            try {
                write.check(table);
            } catch (KvRefusedException e) {
                refused.add(cancellation(e));
                continue;
            }
            refused.add(Cancellation.NONE);
            var row = table.row(write.key());
            if (!seen.add(ByteBuffer.wrap(row)))
                throw several();
            steps.add(new Step(table, row, write));
        }
        if (steps.size() < requests.size())
            throw KvRefusedException.canceled(refused);
        return steps;
    }

    private static ItemWrite write(TransactWrite request) {
        return switch (request) {
            case TransactWrite.Put(var _, var item, var condition) -> new ItemWrite.Put(item, condition);
            case TransactWrite.Update(var _, var key, var update, var condition) -> new ItemWrite.Update(key, update, condition);
            case TransactWrite.Delete(var _, var key, var condition) -> new ItemWrite.Delete(key, condition);
            case TransactWrite.Check(var _, var key, var condition) -> new ItemWrite.Check(key, condition);
        };
    }

    private static Cancellation cancellation(KvRefusedException e) {
        return new Cancellation(e.reason(), String.valueOf(e.getMessage()), e.item());
    }

    private Change<List<WriteResult>> evaluate(List<Step> steps, @Nullable Idempotency once) {
        var rows = new RowWriter(new Batch());
        if (once != null && isRepeated(once))
            return new Change<>(rows, List.of());
        var results = new ArrayList<WriteResult>();
        var cancellations = new ArrayList<Cancellation>();
        boolean canceled = false;
        long bytes = 0;
        for (var step : steps) {
            try {
                var before = writes.read(step.row);
                var after = step.write.after(step.table, before);
                results.add(new WriteResult(before, after));
                bytes += after != null ? after.size() : before != null ? before.size() : 0;
                cancellations.add(Cancellation.NONE);
                rows.write(step.table, step.row, before, after, false);
            } catch (KvRefusedException e) {
                canceled = true;
                cancellations.add(cancellation(e));
            }
        }
        if (canceled)
            throw KvRefusedException.canceled(cancellations);
        if (bytes > MAX_ITEMS)
            throw tooLarge();
        if (once != null) {
            long expires = clock.millis() + TOKEN_LIFE.toMillis();
            var token = TokenRow.key(once.token());
            rows.batch().put(KvSpace.TOKEN, token, new TokenRow(expires, once.requestHash()).encode())
                    .put(KvSpace.TOKEN, TokenRow.dueKey(token, expires), new byte[0]);
        }
        return new Change<>(rows, List.copyOf(results));
    }

    /// Whether the same request was carried out under this token and is not yet forgotten.
    private boolean isRepeated(Idempotency once) {
        var stands = writes.store().get(KvSpace.TOKEN, TokenRow.key(once.token()));
        if (stands == null)
            return false;
        var row = TokenRow.decode(stands);
        if (row.expiresMillis() <= clock.millis())
            return false;
        if (!Arrays.equals(row.requestHash(), once.requestHash()))
            throw new KvRefusedException(Reason.TOKEN_MISMATCH,
                    "Request with the same client token has been already executed with a different request payload");
        return true;
    }

    List<@Nullable Item> get(List<TransactGet> gets) {
        var rows = rows(gets);
        var items = new ArrayList<@Nullable Item>();
        long bytes = 0;
        try (var snapshot = writes.store().snapshot()) {
            for (var row : rows) {
                var value = snapshot.get(KvSpace.DATA, row);
                var item = value == null ? null : Item.ofEncoded(value);
                bytes += item == null ? 0 : item.size();
                if (bytes > MAX_ITEMS)
                    throw tooLarge();
                items.add(item);
            }
        }
        return items;
    }

    private static List<byte[]> rows(List<TransactGet> gets) {
        var rows = new ArrayList<byte[]>();
        var seen = new HashSet<ByteBuffer>();
        var refused = new ArrayList<Cancellation>();
        for (var get : gets) {
            var table = own(get.table()).layout();
            ItemChecks.noEmptyKey(table.keys(), get.key());
            try {
                ItemChecks.key(table.keys(), get.key());
            } catch (KvRefusedException e) {
                refused.add(cancellation(e));
                continue;
            }
            refused.add(Cancellation.NONE);
            var row = table.row(get.key());
            if (!seen.add(ByteBuffer.wrap(row)))
                throw several();
            rows.add(row);
        }
        if (rows.size() < gets.size())
            throw KvRefusedException.canceled(refused);
        return rows;
    }

    private static KvRefusedException tooLarge() {
        return KvRefusedException.validation("Collection size of items in transaction exceeded the limit of 4 MB");
    }

    private static KvRefusedException several() {
        return KvRefusedException.validation("Transaction request cannot include multiple operations on one item");
    }
}
