package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.KeySchema;
import io.cairn.kv.KvStore;
import io.cairn.kv.Reason;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableStream;
import io.cairn.kv.Value;
import io.cairn.replication.testkit.Coverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does one history to a store and to the model, and compares all that they answer, and after each step all that both hold. After a crash
/// inside a request that was not answered, it was done, or it was not; nothing else.
final class HistoryRun implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(1);
    private final KvSubject subject;
    private final Coverage coverage;
    private KvStore store;
    private KvModel model = new KvModel();
    private Step.@Nullable Transact lastOnce;
    private @Nullable List<Write> lastOnceWrites;
    private int missingFor;

    HistoryRun(KvSubject subject, Coverage coverage) {
        this.subject = subject;
        this.coverage = coverage;
        this.store = subject.open();
        for (var definition : Histories.TABLES) {
            store.createTable(definition);
            model.create(definition);
        }
    }

    void run(List<Step> history) {
        for (var step : history) {
            subject.clock().advance(TICK);
            remakeTables();
            try {
                step(step);
                compare(model);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("at " + brief(step) + ": " + e, e);
            }
        }
    }

    private static String brief(Object step) {
        return step.toString().replaceAll("p{100,}", "p...");
    }

    @Override
    public void close() {
        store.close();
    }

    /// A table that was dropped is missed for a step or two.
    private void remakeTables() {
        for (var definition : Histories.TABLES)
            if (!model.names().contains(definition.name()) && ++missingFor > 2) {
                missingFor = 0;
                store.createTable(definition);
                model.create(definition);
            }
    }

    private void step(Step step) {
        switch (step) {
            case Step.Do _,Step.Transact _,Step.TurnIndex _,Step.TurnStream _,Step.TurnExpiry _,Step.Drop _,Step.Tend _,Step.TransactAgain _ -> {
                var change = change(step);
                if (change != null)
                    same(change, Outcome.of(change.onStore), Outcome.of(() -> change.onModel.to(model)));
            }
            case Step.Get(var items) -> new Reads(store, model, coverage).get(items);
            case Step.Ask(var wanted) -> new Reads(store, model, coverage).ask(wanted);
            case Step.AskFrom(var wanted, var start) -> new Reads(store, model, coverage).askFrom(wanted, start);
            case Step.Walk walk -> new Reads(store, model, coverage).walk(walk);
            case Step.Advance(int seconds) -> subject.clock().advance(Duration.ofSeconds(seconds));
            case Step.Reopen() -> {
                store.close();
                store = subject.open();
                coverage.did("reopen");
            }
            case Step.Crash(var inside, int after) -> {
                var change = change(inside);
                if (change != null)
                    crash(change, after);
            }
        }
    }

    private interface OnModel {
        @Nullable
        Object to(KvModel model);
    }

    /// Something that changes both, in their own ways.
    ///
    /// @param repeats whether it is to be sent again when no answer came, as its client would
    private record Changing(String name, Supplier<@Nullable Object> onStore, OnModel onModel, boolean repeats) {}

    private void same(Changing change, Outcome tested, Outcome modelled) {
        assertEquals(modelled, tested, change.name);
        coverage.did(change.name + (tested instanceof Outcome.Refused refused ? " " + refused.reason() : ""));
    }

    /// Null when it would make no sense now.
    private @Nullable Changing change(Step step) {
        var now = subject.clock().instant();
        return switch (step) {
            case Step.Do(var write) -> {
                var resolved = resolved(write);
                yield new Changing(write.getClass().getSimpleName(), () -> new Requests(store).write(resolved),
                        to -> to.write(resolved, now), false);
            }
            case Step.Transact transact -> {
                var writes = transact.writes().stream().map(this::resolved).toList();
                if (transact.token() != null) {
                    lastOnce = transact;
                    lastOnceWrites = writes;
                }
                yield transaction("Transact", writes, transact.token());
            }
            case Step.TransactAgain() -> lastOnce == null || lastOnceWrites == null
                    ? null
                    : transaction("TransactAgain", lastOnceWrites, lastOnce.token());
            case Step.TurnIndex(var name) -> {
                var table = defined(name);
                yield table == null ? null : alter("TurnIndex", turnedIndex(table));
            }
            case Step.TurnStream(var name, var view) -> {
                var table = defined(name);
                yield table == null ? null : alter("TurnStream", table.withStream(table.stream() == null ? view : null));
            }
            case Step.TurnExpiry(var name) -> {
                var table = defined(name);
                yield table == null
                        ? null
                        : alter("TurnExpiry", table.withTtlAttribute(table.ttlAttribute() == null ? Histories.TTL : null));
            }
            case Step.Drop(var name) -> new Changing("Drop", () -> store.deleteTable(name).name(), to -> {
                to.drop(name);
                return name;
            }, false);
            case Step.Tend() -> new Changing("Tend", () -> {
                subject.tend(store);
                return null;
            }, to -> {
                to.tend(now);
                return null;
            }, true);
            case Step.Get _,Step.Ask _,Step.AskFrom _,Step.Walk _,Step.Advance _,Step.Reopen _,Step.Crash _ ->
                throw new IllegalArgumentException("changes nothing: " + step);
        };
    }

    private Changing transaction(String name, List<Write> writes, @Nullable String token) {
        var now = subject.clock().instant();
        return new Changing(name, () -> new Requests(store).transact(writes, token),
                to -> to.transact(writes, token, writes, now), token != null);
    }

    private @Nullable TableDefinition defined(String name) {
        return model.names().contains(name) ? model.table(name).definition : null;
    }

    private Changing alter(String name, TableDefinition definition) {
        return new Changing(name, () -> store.alterTable(definition).name(), to -> {
            to.alter(definition);
            return definition.name();
        }, false);
    }

    private static TableDefinition turnedIndex(TableDefinition table) {
        var indexes = new ArrayList<>(table.indexes());
        if (!indexes.removeIf(index -> index.name().equals(Histories.ADDED)))
            indexes.add(IndexDefinition.global(Histories.ADDED, KeySchema.of("e"), IndexProjection.include("y")));
        return Histories.typed(table, indexes);
    }

    /// Expiries count from now.
    private Write resolved(Write write) {
        return switch (write) {
            case Write.Put(var table, var item, var condition) -> {
                var resolved = new TreeMap<>(item);
                resolved.computeIfPresent(Histories.TTL, (_, value) -> second(value));
                yield new Write.Put(table, Plain.of(resolved), condition);
            }
            case Write.Update(var table, var key, var changes, var condition) -> new Write.Update(table, key,
                    new Changes(changes.changes().stream()
                            .map(change -> change instanceof Changes.Set(var path, Changes.Formula.Literal(var value))
                                    && path.equals(Path.of(Histories.TTL))
                                            ? new Changes.Set(path, new Changes.Formula.Literal(second(value)))
                                            : change)
                            .toList()),
                    condition);
            case Write.Delete _,Write.Check _ -> write;
        };
    }

    private Value second(Value value) {
        return value instanceof Value.N(var number)
                ? Value.n(number.longValueExact() + subject.clock().instant().getEpochSecond())
                : value;
    }

    private void crash(Changing change, int after) {
        var done = model.copy();
        var expected = Outcome.of(() -> change.onModel.to(done));
        subject.cutAfter(after);
        var outcome = Outcome.ofCut(change.onStore);
        subject.crash(store);
        store = subject.open();
        boolean died = outcome instanceof Outcome.Died;
        coverage.did("crash in " + change.name + (died ? ", unanswered" : ""));
        if (change.repeats && (died || change.name.equals("Tend"))) {
            var again = Outcome.of(change.onStore);
            if (!again.equals(new Outcome.Answer(List.of())))
                assertEquals(expected, again, change.name + " again after a crash");
            model = done;
            return;
        }
        if (!died) {
            assertEquals(expected, outcome, change.name + " before a crash");
            model = done;
            return;
        }
        var undone = difference(model);
        if (undone == null) {
            coverage.did("crash in " + change.name + ", undone or the same");
            return;
        }
        var otherwise = difference(done);
        if (otherwise != null)
            throw new AssertionError(
                    "neither done nor undone after a crash in " + change.name + ": " + undone + "; " + otherwise);
        model = done;
    }

    private @Nullable AssertionError difference(KvModel with) {
        try {
            compare(with);
            return null;
        } catch (AssertionError e) {
            return e;
        }
    }

    private void compare(KvModel with) {
        assertEquals(with.names(), store.tableNames());
        for (var name : with.names()) {
            var table = with.table(name);
            assertEquals(table.definition, store.table(name).describe().definition());
            assertEquals(table.items(), Reads.all(store.table(name), null), name);
            for (var index : table.definition.indexes())
                if (table.creating.contains(index.name()))
                    assertTrue(Outcome.of(() -> Reads.all(store.table(name), index.name())) instanceof Outcome.Refused refused
                            && refused.reason() == Reason.VALIDATION, "an index that is not filled was read");
                else
                    assertEquals(table.scan(index.name()), Reads.all(store.table(name), index.name()), index.name());
            if (table.definition.stream() != null)
                StreamCheck.compare(table.told(), store.table(name).stream(), subject.clock().instant());
        }
        for (var name : with.endedNames())
            compareEnded(name, with.ended(name));
    }

    /// The newest of them stand in the store; what the older ones told is a day old.
    private void compareEnded(String name, List<KvModel.Ended> expected) {
        var now = subject.clock().instant();
        var there = store.streams(name).stream().filter(stream -> stream.disabled() != null).toList();
        assertTrue(there.size() <= expected.size(), () -> "streams that ended: " + there);
        int gone = expected.size() - there.size();
        for (var older : expected.subList(0, gone))
            assertTrue(older.told().stream().allMatch(told -> told.at().isBefore(now.minus(TableStream.KEPT))),
                    () -> "a stream that ended is gone too early: " + name);
        for (int i = 0; i < there.size(); i++) {
            assertEquals(expected.get(gone + i).view(), there.get(i).table().stream());
            StreamCheck.compare(expected.get(gone + i).told(), store.stream(name, there.get(i).label()), now);
        }
    }
}
