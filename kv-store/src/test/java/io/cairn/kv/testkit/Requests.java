package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Idempotency;
import io.cairn.kv.Item;
import io.cairn.kv.KvStore;
import io.cairn.kv.TransactWrite;
import io.cairn.kv.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks a store what a history asks, with expressions as text.
record Requests(KvStore store) {
    Write.Done write(Write write) {
        var table = store.table(write.table());
        var condition = Spelling.condition(write.condition());
        return done(await(switch (write) {
            case Write.Put put -> table.putAsync(Item.of(put.key()), condition);
            case Write.Update update -> table.updateAsync(Item.of(update.key()), Spelling.update(update.changes()), condition);
            case Write.Delete delete -> table.deleteAsync(Item.of(delete.key()), condition);
            case Write.Check _ -> throw new IllegalArgumentException("only in a transaction");
        }));
    }

    List<Write.Done> transact(List<Write> writes, @Nullable String token) {
        var requests = new ArrayList<TransactWrite>();
        for (var write : writes) {
            var table = store.table(write.table());
            Condition condition = Spelling.condition(write.condition());
            requests.add(switch (write) {
                case Write.Put put -> new TransactWrite.Put(table, Item.of(put.key()), condition);
                case Write.Update update ->
                    new TransactWrite.Update(table, Item.of(update.key()), Spelling.update(update.changes()), condition);
                case Write.Delete delete -> new TransactWrite.Delete(table, Item.of(delete.key()), condition);
                case Write.Check check ->
                    new TransactWrite.Check(table, Item.of(check.key()), Objects.requireNonNull(condition));
            });
        }
        var once = token == null
                ? null
                : new Idempotency(token, Integer.toString(writes.hashCode()).getBytes(StandardCharsets.UTF_8));
        return await(store.transact(requests, once)).stream().map(Requests::done).toList();
    }

    private static Write.Done done(WriteResult result) {
        return new Write.Done(Plain.ofNullable(result.before()), Plain.ofNullable(result.after()));
    }

    /// What hangs fails the test.
    static <T> T await(CompletableFuture<T> answer) {
        try {
            var _ = answer.handle((_, _) -> true).get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing came within 60 s", e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return KvStore.await(answer);
    }
}
