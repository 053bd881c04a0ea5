package io.cairn.kv.testkit;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.KeyCondition.Operator;
import io.cairn.kv.KeySchema;
import io.cairn.kv.StreamView;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.testkit.Step.Address;
import io.cairn.kv.testkit.Wanted.Bound;
import io.cairn.replication.testkit.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/// Random histories: 30 steps at least; of those that change something a third crashes inside. Keys are few, so that histories collide.
public final class Histories {
    static final String SONGS = "songs";
    static final String USERS = "users";
    static final String TTL = "ttl";
    static final String ADDED = "by-e";
    private static final int MIN_STEPS = 30;
    private static final int MAX_STEPS = 60;
    private static final Map<String, ValueType> TYPES = Map.of("p", ValueType.S, "s", ValueType.N, "a", ValueType.N, "b",
            ValueType.S, "c", ValueType.S, "d", ValueType.B, "e", ValueType.S);

    /// The tables as a history finds them.
    static final List<TableDefinition> TABLES = List.of(
            typed(TableDefinition.of(SONGS, KeySchema.of("p", "s"), Map.of()).withStream(StreamView.NEW_AND_OLD_IMAGES)
                    .withTtlAttribute(TTL),
                    List.of(
                            IndexDefinition.local("by-a", KeySchema.of("p", "a"), IndexProjection.KEYS_ONLY),
                            IndexDefinition.local("by-c", KeySchema.of("p", "c"), IndexProjection.include("x", "pad")),
                            IndexDefinition.global("by-b", KeySchema.of("b", "a"), IndexProjection.ALL),
                            IndexDefinition.global("by-many", new KeySchema(List.of("b", "c"), List.of("a", "d")),
                                    IndexProjection.include("x")))),
            typed(TableDefinition.of(USERS, KeySchema.of("p"), Map.of()).withStream(StreamView.KEYS_ONLY), List.of(
                    IndexDefinition.global("by-a", KeySchema.of("a"), IndexProjection.include("y", "x")))));

    private Histories() {}

    /// Made once: jqwik keeps the generators of all arbitraries it ever met, and finds one by comparing whole trees of them.
    private static final class Seeded { static final RandomGenerator<List<Step>> GENERATOR = histories().generator(1000); }

    /// With these indexes, and a type for each attribute that a key names.
    static TableDefinition typed(TableDefinition table, List<IndexDefinition> indexes) {
        var types = new TreeMap<String, ValueType>();
        table.key().names().forEach(name -> types.put(name, TYPES.get(name)));
        for (var index : indexes)
            index.key().names().forEach(name -> types.put(name, TYPES.get(name)));
        return table.withIndexes(indexes, types);
    }

    static Arbitrary<List<Step>> histories() {
        return Combinators.combine(writes().map(Step.Do::new).list().ofSize(6),
                Choice.frequencyOf(Tuple.of(30, steps().map(List::of)), Tuple.of(1, fillings()), Tuple.of(1, repetitions()))
                        .list().ofMinSize(MIN_STEPS).ofMaxSize(MAX_STEPS))
                .as((first, rest) -> {
                    var all = new ArrayList<Step>(first);
                    rest.forEach(all::addAll);
                    return all;
                });
    }

    /// The history of a seed.
    public static List<Step> of(long seed) {
        return Seeded.GENERATOR.next(new Random(seed)).value();
    }

    private static Arbitrary<Step> steps() {
        return Choice.frequencyOf(Tuple.of(48, changes()),
                Tuple.of(20, Combinators.combine(changes(), Arbitraries.integers().between(0, 6)).as(Step.Crash::new)),
                Tuple.of(8, queries().map(Step.Ask::new)), Tuple.of(6, starts()), Tuple.of(4, walks()),
                Tuple.of(4, addresses().list().ofMinSize(1).ofMaxSize(3).uniqueElements().map(Step.Get::new)),
                Tuple.of(4, Arbitraries.of(1, 20, 61, 600, 700, 20_000, 100_000).map(Step.Advance::new)),
                Tuple.of(2, Arbitraries.just(new Step.Reopen())));
    }

    /// An item is written, and again, while an index that was added is still to be filled.
    private static Arbitrary<List<Step>> fillings() {
        return Combinators.combine(keys(SONGS), attributes().filter(item -> !item.containsKey("pad")), scalars(),
                Arbitraries.integers().between(0, 6)).as((key, attributes, y, after) -> {
                    var item = new TreeMap<>(attributes);
                    item.putAll(Map.of("e", Value.s("u"), "a", Value.n(1), "b", Value.s("u")));
                    item.putAll(key);
                    var other = new TreeMap<>(item);
                    other.put("y", y);
                    return List.of(new Step.TurnIndex(SONGS), new Step.Do(new Write.Put(SONGS, Plain.of(item), null)),
                            new Step.Do(new Write.Put(SONGS, Plain.of(other), null)), new Step.Crash(new Step.Tend(), after),
                            new Step.Tend());
                });
    }

    /// A transaction is sent again, now or too late.
    private static Arbitrary<List<Step>> repetitions() {
        return Combinators.combine(writes(), Arbitraries.of("one", "two", "three"), Arbitraries.of(1, 61, 599, 700))
                .as((write, token, seconds) -> List.of(new Step.Transact(List.of(write), token), new Step.Reopen(),
                        new Step.Advance(seconds), new Step.TransactAgain()));
    }

    private static Arbitrary<Step> changes() {
        return Choice.frequencyOf(Tuple.of(60, writes().map(Step.Do::new)), Tuple.of(14, transactions()),
                Tuple.of(3, Arbitraries.just(new Step.TransactAgain())), Tuple.of(5, tables().map(Step.TurnIndex::new)),
                Tuple.of(3, Combinators.combine(tables(), Arbitraries.of(StreamView.class)).as(Step.TurnStream::new)),
                Tuple.of(2, tables().map(Step.TurnExpiry::new)), Tuple.of(1, tables().map(Step.Drop::new)),
                Tuple.of(12, Arbitraries.just(new Step.Tend())));
    }

    private static Arbitrary<String> tables() {
        return Arbitraries.of(SONGS, SONGS, SONGS, USERS);
    }

    /// As [#tables()] draws them.
    private static <T> Arbitrary<T> ofTables(Function<String, Arbitrary<T>> of) {
        return Choice.frequencyOf(Tuple.of(3, of.apply(SONGS)), Tuple.of(1, of.apply(USERS)));
    }

    private static Arbitrary<Value> of(Value... values) {
        return Arbitraries.of(values);
    }

    private static Arbitrary<Value> numbers() {
        return Arbitraries.of("-1", "0", "1", "2", "2.5", "10", "100", "-0.25", "1e20", "12345678901234567890123456789012345678")
                .map(Value::n);
    }

    private static Arbitrary<Value> texts() {
        return of(Value.s("u"), Value.s("v"), Value.s("uv"), Value.s("ä"), Value.s("\uD83D\uDE00"), Value.s("\uFB00"));
    }

    private static Arbitrary<Value> binaries() {
        return of(Value.b((byte) 0), Value.b((byte) 0, (byte) 1), Value.b((byte) -1), Value.b((byte) 7));
    }

    private static Arbitrary<Value> sets() {
        return of(Value.ss("u"), Value.ss("u", "v"), Value.ss("v", "ä", "uv"), Value.ns(1), Value.ns(1, 2), Value.ns(2, 10, 100),
                Value.bs(new byte[]{0}), Value.bs(new byte[]{7}, new byte[]{0, 1}));
    }

    private static Arbitrary<Value> scalars() {
        return Choice.oneOf(numbers(), texts(), binaries(), sets(), of(Value.bool(true), Value.bool(false), Value.nothing(),
                Value.s(""), Value.b()));
    }

    private static Arbitrary<Value> lists() {
        return scalars().list().ofMaxSize(3).map(Value.L::new);
    }

    private static Arbitrary<Value> maps() {
        return Combinators.combine(scalars(), lists(), Arbitraries.integers().between(0, 3)).as((k, l, which) -> switch (which) {
            case 0 -> Value.m(Map.of());
            case 1 -> Value.m(Map.of("k", k));
            case 2 -> Value.m(Map.of("l", l));
            default -> Value.m(Map.of("k", k, "l", l, "m", Value.m(Map.of("k", k))));
        });
    }

    private static Arbitrary<Value> values() {
        return Choice.frequencyOf(Tuple.of(3, scalars()), Tuple.of(2, lists()), Tuple.of(2, maps()));
    }

    private static Arbitrary<Map<String, Value>> keys(String table) {
        var partitions = of(Value.s("A"), Value.s("A"), Value.s("B"), Value.s("A\0B"));
        return table.equals(USERS)
                ? partitions.map(p -> Map.of("p", p))
                : Combinators.combine(partitions, of(Value.n(-1), Value.n(0), Value.n(2), Value.n("2.5"), Value.n(10)))
                        .as((p, s) -> Map.of("p", p, "s", s));
    }

    private static Arbitrary<Address> addresses() {
        return ofTables(table -> keys(table).map(key -> new Address(table, key)));
    }

    /// Seldom of a type that an index refuses; expiries count from the moment of the write.
    private static Arbitrary<Map<String, Value>> attributes() {
        var a = Choice.frequencyOf(Tuple.of(20, numbers()), Tuple.of(1, texts()));
        var b = Choice.frequencyOf(Tuple.of(20, of(Value.s("u"), Value.s("v"))), Tuple.of(1, of(Value.s(""))));
        var ttl = of(Value.n(-30), Value.n(10), Value.n(30), Value.n(500), Value.s("never"), Value.n(-200_000_000));
        return Combinators
                .combine(Choice.orNull(a, 0.3), Choice.orNull(b, 0.2), Choice.orNull(of(Value.s("u"), Value.s("uv")), 0.3),
                        Choice.orNull(binaries(), 0.4),
                        Choice.orNull(Choice.frequencyOf(Tuple.of(6, texts()), Tuple.of(1, scalars())), 0.4),
                        Combinators.combine(Choice.orNull(values(), 0.2), Choice.orNull(values(), 0.3)).as(Histories::pair),
                        Choice.orNull(ttl, 0.5),
                        Arbitraries.frequency(Tuple.of(30, 0), Tuple.of(4, 300_000), Tuple.of(1, 409_000), Tuple.of(1, 410_000)))
                .as((va, vb, vc, vd, ve, xy, vttl, pad) -> {
                    var item = new TreeMap<>(xy);
                    put(item, "a", va);
                    put(item, "b", vb);
                    put(item, "c", vc);
                    put(item, "d", vd);
                    put(item, "e", ve);
                    put(item, TTL, vttl);
                    if (pad > 0)
                        item.put("pad", Value.s("p".repeat(pad)));
                    return item;
                });
    }

    private static Map<String, Value> pair(@Nullable Value x,
            @Nullable Value y) {
        var item = new TreeMap<String, Value>();
        put(item, "x", x);
        put(item, "y", y);
        return item;
    }

    private static void put(Map<String, Value> item, String name, @Nullable Value value) {
        if (value != null)
            item.put(name, value);
    }

    private static Arbitrary<Write> writes() {
        return ofTables(table -> {
            Arbitrary<Write> puts = Combinators.combine(keys(table), attributes(), Choice.orNull(conditions(), 0.7))
                    .as((key, attributes, condition) -> {
                        var item = new TreeMap<>(attributes);
                        item.putAll(key);
                        return new Write.Put(table, Plain.of(item), condition);
                    });
            Arbitrary<Write> updates = Combinators.combine(keys(table), updates(), Choice.orNull(conditions(), 0.7))
                    .as((key, changes, condition) -> new Write.Update(table, key, changes, condition));
            Arbitrary<Write> deletes = Combinators.combine(keys(table), Choice.orNull(conditions(), 0.7))
                    .as((key, condition) -> new Write.Delete(table, key, condition));
            return Choice.frequencyOf(Tuple.of(5, puts), Tuple.of(4, updates), Tuple.of(2, deletes));
        });
    }

    private static Arbitrary<Step> transactions() {
        Arbitrary<Write> checks = Combinators.combine(addresses(), conditions())
                .as((address, condition) -> new Write.Check(address.table(), address.key(), condition));
        return Combinators.combine(Choice.frequencyOf(Tuple.of(5, writes()), Tuple.of(1, checks)).list().ofMinSize(1)
                .ofMaxSize(4).uniqueElements(write -> address(write)), Choice.orNull(Arbitraries.of("one", "two", "three"), 0.5))
                .as(Step.Transact::new);
    }

    static Address address(Write write) {
        var key = new TreeMap<>(write.key());
        key.keySet().retainAll(write.table().equals(USERS) ? List.of("p") : List.of("p", "s"));
        return new Address(write.table(), key);
    }

    private static Arbitrary<Path> paths() {
        return Arbitraries.of(Path.of("x"), Path.of("x"), Path.of("y"), Path.of("a"), Path.of("b"), Path.of("e"), Path.of("none"),
                Path.of("x", Path.name("k")), Path.of("x", Path.name("l")), Path.of("x", Path.at(0)), Path.of("x", Path.at(2)),
                Path.of("x", Path.name("l"), Path.at(1)), Path.of("x", Path.name("m"), Path.name("k")), Path.of("y", Path.at(1)));
    }

    private static Arbitrary<Asked> conditions() {
        Arbitrary<Asked.Operand> left = Choice.oneOf(paths().map(Asked.At::new), paths().map(Asked.Size::new));
        Arbitrary<Asked.Operand> scalar = Choice.oneOf(numbers(), texts(), binaries()).map(Asked.Literal::new);
        Arbitrary<Asked> equal = Combinators.combine(left, Arbitraries.of(Asked.Comparator.EQ, Asked.Comparator.NE), values())
                .as((one, comparator, value) -> new Asked.Compare(one, comparator, new Asked.Literal(value)));
        Arbitrary<Asked> compare = Combinators.combine(left, Arbitraries.of(Asked.Comparator.class), scalar)
                .as(Asked.Compare::new);
        Arbitrary<Asked> two = Combinators.combine(Arbitraries.of("x", "a"), Arbitraries.of(Asked.Comparator.class),
                Arbitraries.of("y", "b"))
                .as((one, comparator, other) -> new Asked.Compare(new Asked.At(Path.of(one)), comparator,
                        new Asked.At(Path.of(other))));
        Arbitrary<Asked> between = Combinators.combine(left, Choice.oneOf(numbers(), texts()).tuple2())
                .as((value, bounds) -> between(value, bounds.get1(), bounds.get2()));
        Arbitrary<Asked> in = Combinators.combine(left, values().list().ofMinSize(1).ofMaxSize(3))
                .as((value, all) -> new Asked.In(value, all.stream().<Asked.Operand>map(Asked.Literal::new).toList()));
        Arbitrary<Asked> exists = Combinators.combine(Choice.oneOf(paths(), Arbitraries.just(Path.of("p"))),
                Arbitraries.of(true, false)).as(Asked.Exists::new);
        Arbitrary<Asked> type = Combinators.combine(paths(), Arbitraries.of(ValueType.class)).as(Asked.HasType::new);
        Arbitrary<Asked> begins = Combinators.combine(paths(), Choice.oneOf(texts(), binaries())).as(Asked.BeginsWith::new);
        Arbitrary<Asked> contains = Combinators.combine(paths(), scalars()).as(Asked.Contains::new);
        var one = Choice.oneOf(List.of(equal, compare, compare, two, between, in, exists, exists, type, begins, contains));
        Arbitrary<Asked> joined = Combinators.combine(one, one, Arbitraries.integers().between(0, 2))
                .as((first, second, how) -> switch (how) {
                    case 0 -> new Asked.And(first, second);
                    case 1 -> new Asked.Or(first, second);
                    default -> new Asked.Not(new Asked.Or(first, new Asked.Not(second)));
                });
        return Choice.frequencyOf(Tuple.of(3, one), Tuple.of(2, joined));
    }

    /// The bounds of one type, in order: else the expression alone is refused.
    private static Asked between(Asked.Operand value, Value one, Value other) {
        boolean fits = one.type() == other.type();
        boolean ordered = fits && Plain.compare(one, other) <= 0;
        return new Asked.Between(value, new Asked.Literal(ordered || !fits ? one : other),
                new Asked.Literal(ordered ? other : one));
    }

    private static Arbitrary<Changes> updates() {
        return Combinators.combine(Choice.oneOf(change("x"), nested()), Choice.orNull(change("y"), 0.5),
                Choice.orNull(change("a"), 0.6), Choice.orNull(change("e"), 0.7),
                Choice.orNull(of(Value.n(-5), Value.n(30)), 0.8))
                .as((first, y, a, e, ttl) -> {
                    var all = new ArrayList<>(first);
                    for (var more : List.of(y == null ? List.<Changes.Change>of() : y,
                            a == null ? List.<Changes.Change>of() : a, e == null ? List.<Changes.Change>of() : e))
                        all.addAll(more);
                    if (ttl != null)
                        all.add(new Changes.Set(Path.of(TTL), new Changes.Formula.Literal(ttl)));
                    return new Changes(all);
                });
    }

    private static Arbitrary<List<Changes.Change>> change(String top) {
        return change(Path.of(top), top.equals("a"));
    }

    private static Arbitrary<List<Changes.Change>> change(Path path, boolean number) {
        Arbitrary<Changes.Formula> literal = (number ? numbers() : values()).map(Changes.Formula.Literal::new);
        Arbitrary<Changes.Formula> other = paths().map(Changes.Formula.At::new);
        var missing = path.equals(Path.of("e")) ? Path.of("b") : Path.of("none");
        Arbitrary<Changes.Formula> sum = Combinators.combine(of(Value.n(1), Value.n("0.5")), Arbitraries.of(true, false))
                .as((by, minus) -> new Changes.Formula.Sum(
                        new Changes.Formula.IfNotExists(Path.of("a"), new Changes.Formula.Literal(Value.n(0))),
                        new Changes.Formula.Literal(by), minus));
        Arbitrary<Changes.Formula> append = lists().map(list -> new Changes.Formula.Append(
                new Changes.Formula.IfNotExists(Path.of("y"), new Changes.Formula.Literal(Value.l())),
                new Changes.Formula.Literal(list)));
        Arbitrary<Changes.Formula> absent = literal.map(value -> new Changes.Formula.IfNotExists(missing, value));
        var formulas = number
                ? Choice.oneOf(literal, sum, absent)
                : Choice.oneOf(List.of(literal, literal, other, sum, append, absent));
        Arbitrary<Changes.Change> set = formulas.map(formula -> new Changes.Set(path, formula));
        Arbitrary<Changes.Change> remove = Arbitraries.just(new Changes.Remove(path));
        Arbitrary<Changes.Change> add = Choice.oneOf(of(Value.n(1), Value.n(-2)), sets())
                .map(value -> new Changes.Add(path, value));
        Arbitrary<Changes.Change> delete = sets().map(value -> new Changes.Delete(path, value));
        return Choice.frequencyOf(Tuple.of(5, set), Tuple.of(2, remove), Tuple.of(2, add), Tuple.of(1, delete))
                .map(List::of);
    }

    /// Several within one attribute.
    private static Arbitrary<List<Changes.Change>> nested() {
        var elements = Combinators.combine(change(Path.of("x", Path.at(0)), false), change(Path.of("x", Path.at(2)), false),
                change(Path.of("x", Path.at(9)), false));
        var fields = Combinators.combine(change(Path.of("x", Path.name("k")), false),
                change(Path.of("x", Path.name("l"), Path.at(0)), false), change(Path.of("x", Path.name("n")), false));
        return Choice.oneOf(elements.as(Histories::all), fields.as(Histories::all),
                change(Path.of("x", Path.name("k")), false));
    }

    private static List<Changes.Change> all(List<Changes.Change> one, List<Changes.Change> two, List<Changes.Change> three) {
        var all = new ArrayList<>(one);
        all.addAll(two);
        all.addAll(three);
        return all;
    }

    private static Arbitrary<Bound> bounds(Arbitrary<Value> values, boolean text) {
        var operators = text
                ? Arbitraries.of(Operator.class)
                : Arbitraries.of(Operator.class).filter(o -> o != Operator.BEGINS_WITH);
        return Combinators.combine(operators, values.tuple2()).as((operator, two) -> {
            boolean ordered = Plain.compare(two.get1(), two.get2()) <= 0;
            return new Bound(operator, operator == Operator.BETWEEN
                    ? ordered ? List.of(two.get1(), two.get2()) : List.of(two.get2(), two.get1())
                    : List.of(two.get1()));
        });
    }

    private record Aim(String table, @Nullable String index, List<Value> partition, List<Bound> sort) {}

    private static Arbitrary<Aim> aims() {
        var p = of(Value.s("A"), Value.s("A"), Value.s("B"), Value.s("A\0B"));
        var s = of(Value.n(-1), Value.n(0), Value.n(2), Value.n("2.5"), Value.n(3));
        var u = of(Value.s("u"), Value.s("v"));
        var c = of(Value.s("u"), Value.s("uv"));
        var many = Combinators.combine(u, c, bounds(numbers(), false), numbers(), bounds(binaries(), true),
                Arbitraries.integers().between(0, 2))
                .as((b, vc, first, a, second, how) -> new Aim(SONGS, "by-many", List.of(b, vc),
                        how == 0 ? List.of() : how == 1 ? List.of(first) : List.of(new Bound(Operator.EQ, List.of(a)), second)));
        return Choice.oneOf(List.of(aim(SONGS, null, p, bounds(s, false)), aim(SONGS, null, p, bounds(s, false)),
                aim(SONGS, "by-a", p, bounds(numbers(), false)), aim(SONGS, "by-c", p, bounds(c, true)),
                aim(SONGS, "by-b", u, bounds(numbers(), false)), many,
                texts().map(e -> new Aim(SONGS, ADDED, List.of(e), List.of())),
                p.map(value -> new Aim(USERS, null, List.of(value), List.of())),
                numbers().map(a -> new Aim(USERS, "by-a", List.of(a), List.of()))));
    }

    private static Arbitrary<Aim> aim(String table, @Nullable String index, Arbitrary<Value> partition,
            Arbitrary<Bound> sort) {
        return Combinators.combine(partition, Choice.orNull(sort, 0.5))
                .as((p, bound) -> new Aim(table, index, List.of(p), bound == null ? List.of() : List.of(bound)));
    }

    private static Arbitrary<Wanted> queries() {
        return Combinators
                .combine(aims(), Choice.orNull(conditions(), 0.6), Arbitraries.of(true, false), Arbitraries.of(0, 0, 1, 2, 3),
                        Arbitraries.of(true, false))
                .as((aim, filter, forward, limit, whole) -> new Wanted(aim.table, aim.index, aim.partition, aim.sort, filter,
                        forward,
                        limit, whole && ("by-a".equals(aim.index) || "by-c".equals(aim.index)) && aim.table.equals(SONGS)));
    }

    private static Arbitrary<Step> starts() {
        return Combinators.combine(queries(), keys(SONGS), numbers(), of(Value.s("u"), Value.s("uv")), binaries(), texts())
                .as((wanted, key, a, c, d, e) -> {
                    var start = new TreeMap<>(
                            Map.of("p", key.get("p"), "s", key.get("s"), "a", a, "b", c, "c", c, "d", d, "e", e));
                    for (int i = 0; i < wanted.partition().size(); i++) // mostly within
                        start.put(partition(wanted).get(i), wanted.partition().get(i));
                    return new Step.AskFrom(wanted, start);
                });
    }

    private static List<String> partition(Wanted wanted) {
        return switch (wanted.index()) {
            case "by-b" -> List.of("b");
            case "by-many" -> List.of("b", "c");
            case ADDED -> List.of("e");
            case "by-a" -> List.of(wanted.table().equals(USERS) ? "a" : "p");
            case null, default -> List.of("p");
        };
    }

    private static Arbitrary<Step> walks() {
        var targets = Arbitraries.of(Tuple.of(SONGS, ""), Tuple.of(SONGS, ""), Tuple.of(USERS, ""), Tuple.of(SONGS, "by-b"),
                Tuple.of(SONGS, "by-a"), Tuple.of(SONGS, "by-many"), Tuple.of(SONGS, ADDED));
        return Combinators
                .combine(targets, Choice.orNull(conditions(), 0.6), Arbitraries.of(0, 1, 2, 3), Arbitraries.of(1, 1, 2, 5))
                .as((target, filter, limit, segments) -> new Step.Walk(target.get1(),
                        target.get2().isEmpty() ? null : target.get2(),
                        filter, limit, segments));
    }
}
