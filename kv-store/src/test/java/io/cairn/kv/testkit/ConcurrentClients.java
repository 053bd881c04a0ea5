package io.cairn.kv.testkit;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Query;
import io.cairn.kv.Reason;
import io.cairn.kv.Scan;
import io.cairn.kv.Table;
import io.cairn.kv.Value;
import io.cairn.kv.testkit.ItemCall.Guard;
import io.cairn.kv.testkit.ItemCall.State;
import io.cairn.replication.testkit.TimedCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Clients that put, add to, read and delete a few items of one table at once, and note when each call was made and answered. The table's key is a
/// text, `p`.
final class ConcurrentClients {
    static final int CLIENTS = 16;
    private static final List<String> KEYS = List.of("a", "b", "c");
    private final Table table;
    private final int client;
    private final SplittableRandom random;
    private final List<TimedCall<State>> calls = new ArrayList<>();
    /// What this client last saw of each item.
    private final Map<String, String> seen = new HashMap<>();

    private ConcurrentClients(Table table, int client, long seed) {
        this.table = table;
        this.client = client;
        this.random = new SplittableRandom(seed * 31 + client);
    }

    /// All calls of 16 clients, each of which makes so many in its own order. The table is empty to begin with.
    static List<TimedCall<State>> run(Table table, int callsEach, long seed) {
        var all = new ArrayList<TimedCall<State>>();
        for (var calls : atOnce(CLIENTS, number -> {
            var client = new ConcurrentClients(table, number, seed);
            for (int n = 0; n < callsEach; n++)
                client.call(n);
            return client.calls;
        }))
            all.addAll(calls);
        return all;
    }

    interface Client<T> { T run(int number) throws Exception; }

    /// Runs so many at once, and waits for all.
    static <T> List<T> atOnce(int clients, Client<T> client) {
        var begin = new CyclicBarrier(clients);
        var running = new ArrayList<Callable<T>>();
        for (int i = 0; i < clients; i++) {
            int number = i;
            running.add(() -> {
                begin.await();
                return client.run(number);
            });
        }
        try (var threads = Executors.newFixedThreadPool(clients)) {
            var all = new ArrayList<T>();
            for (var done : threads.invokeAll(running))
                all.add(done.get());
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    static Item key(String key) {
        return Item.of("p", Value.s(key));
    }

    private void call(int number) {
        var key = KEYS.get(random.nextInt(KEYS.size()));
        var text = client + "." + number;
        switch (random.nextInt(12)) {
            case 0, 1 -> put(key, text, new Guard.Always());
            case 2 -> put(key, text, new Guard.Absent());
            case 3, 4 -> put(key, text, new Guard.Says(seen.getOrDefault(key, "")));
            case 5, 6, 7 -> add(key);
            case 8, 9 -> get(key);
            case 10 -> delete(key, new Guard.Always());
            case 11 -> delete(key, new Guard.Says(seen.getOrDefault(key, "")));
            default -> throw new IllegalStateException();
        }
    }

    private void note(String key, ItemCall call, long invoked) {
        calls.add(new TimedCall<>(client, key, call, invoked, System.nanoTime()));
    }

    private static @Nullable Condition condition(Guard guard) {
        return switch (guard) {
            case Guard.Always() -> null;
            case Guard.Absent() -> Placeholders.NONE.condition("attribute_not_exists(p)");
            case Guard.Says(var text) -> new Placeholders(null, Item.of(":v", Value.s(text))).condition("v = :v");
        };
    }

    private void put(String key, String text, Guard guard) {
        var written = new State(text, 0);
        write(key, written, guard, () -> Requests.await(table.putAsync(written.item(key(key)), condition(guard))).before());
    }

    private void delete(String key, Guard guard) {
        write(key, State.NONE, guard, () -> Requests.await(table.deleteAsync(key(key), condition(guard))).before());
    }

    private void write(String key, State written, Guard guard, Supplier<@Nullable Item> request) {
        long invoked = System.nanoTime();
        boolean done = true;
        State before;
        try {
            before = State.of(request.get());
        } catch (KvRefusedException e) {
            if (e.reason() != Reason.CONDITION_FAILED)
                throw e;
            done = false;
            before = State.of(e.item());
        }
        note(key, new ItemCall.Write(written, guard, done, before), invoked);
        seen.put(key, done ? written.text() : before.text());
    }

    private void add(String key) {
        long invoked = System.nanoTime();
        var update = new Placeholders(null, Item.of(":one", Value.n(1))).update("ADD n :one");
        var result = Requests.await(table.updateAsync(key(key), update, null));
        note(key, new ItemCall.Add(State.of(result.before()), State.of(result.after())), invoked);
    }

    private void get(String key) {
        long invoked = System.nanoTime();
        var state = State.of(read(key));
        note(key, new ItemCall.Read(state), invoked);
        seen.put(key, state.text());
    }

    /// In one of the ways there are.
    private @Nullable Item read(String key) {
        var item = key(key);
        return switch (random.nextInt(4)) {
            case 0 -> first(table.query(
                    Query.of(new Placeholders(null, Item.of(":p", Value.s(key))).keyCondition("p = :p"))).items(), key);
            case 1 -> first(table.scan(Scan.ALL).items(), key);
            case 2 -> {
                var inMemory = table.getIfInMemory(item);
                yield inMemory == null ? table.get(item) : inMemory;
            }
            default -> table.get(item);
        };
    }

    private static @Nullable Item first(List<Item> items, String key) {
        return items.stream().filter(item -> Value.s(key).equals(item.get("p"))).findFirst().orElse(null);
    }

    /// Whether it was done; else what it depends on did not hold.
    static boolean done(Supplier<?> request) {
        try {
            var _ = request.get();
            return true;
        } catch (KvRefusedException e) {
            if (e.reason() == Reason.CONDITION_FAILED || e.reason() == Reason.TRANSACTION_CANCELED)
                return false;
            throw e;
        }
    }

}
