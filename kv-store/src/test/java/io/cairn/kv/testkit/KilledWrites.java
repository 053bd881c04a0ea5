package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.kv.Item;
import io.cairn.kv.Placeholders;
import io.cairn.kv.Update;
import io.cairn.kv.Value;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The writes of one client of a [KilledTable], one after the other, and what must stand there when the store was killed or its power went: all
/// that was acknowledged; of what was on its way everything or nothing, so both items of a transaction or neither. Which writes follow from
/// the seed and the round alone, so another process can make them and tell only how many were acknowledged. One thread at a time.
public final class KilledWrites {
    private static final int KEYS = 12;
    private static final int MAX_TEXT = 1000;
    private static final int ROUND_WRITES = 10_000_000;

    public enum Kind {
        PUT, UPDATE, DELETE, TRANSACT
    }

    /// One write; `items` are those put, or the key of the one that is changed.
    public record Write(Kind kind, List<Item> items) {
        public Item item() {
            return items.getFirst();
        }
    }

    private final String owner;
    private final long seed;
    private final Map<Kind, Integer> acknowledged = new EnumMap<>(Kind.class);
    private SplittableRandom random;
    private int count;
    /// What stands under each key; absent for no item.
    private Map<Item, Item> known = new HashMap<>();
    /// What stands if the last write, of which nothing was heard, was done.
    private @Nullable Map<Item, Item> perhaps;
    private @Nullable Kind underWay;

    public KilledWrites(int client, long seed) {
        this.owner = "client-" + client;
        this.seed = seed + client;
        this.random = new SplittableRandom(this.seed);
    }

    /// Partition key of all its items.
    public String owner() {
        return owner;
    }

    /// Begins a round of writes of its own: what was written before stands.
    public void round(int number) {
        random = new SplittableRandom(seed ^ number * 0x9E3779B97F4A7C15L);
        count = number * ROUND_WRITES;
    }

    public int acknowledged(Kind kind) {
        return acknowledged.getOrDefault(kind, 0);
    }

    /// What the update of a [Write] is: `SET group = :group ADD plays :one`.
    public static final String UPDATE = "SET #group = :group ADD plays :one";
    public static final Map<String, String> UPDATE_NAMES = Map.of("#group", KilledTable.GROUP);

    public Item updateValues() {
        return Item.of(":group", group(), ":one", Value.n(1));
    }

    public Update update() {
        return new Placeholders(UPDATE_NAMES, updateValues()).update(UPDATE);
    }

    private Value group() {
        return Value.n(Math.floorMod(count, KilledTable.GROUPS));
    }

    public Item key(int number) {
        return Item.of(KilledTable.OWNER, Value.s(owner), KilledTable.ID, Value.n(number));
    }

    private Item item(Item key) {
        count++;
        var values = new HashMap<>(key.toMap());
        values.put(KilledTable.GROUP, group());
        values.put(KilledTable.NUMBER, Value.n(count));
        values.put("text", Value.s("x".repeat(random.nextInt(MAX_TEXT))));
        return Item.of(values);
    }

    /// Begins a write: the next of the plan.
    public Write next() {
        int first = random.nextInt(KEYS);
        var key = key(first);
        var kind = Kind.values()[random.nextInt(Kind.values().length)];
        return switch (kind) {
            case PUT -> put(key);
            case UPDATE -> {
                count++;
                begin(kind, Map.of(key, update().apply(known.get(key), key)));
                yield new Write(kind, List.of(key));
            }
            case DELETE -> {
                begin(kind, Map.of());
                Objects.requireNonNull(perhaps).remove(key);
                yield new Write(kind, List.of(key));
            }
            case TRANSACT -> {
                var other = key((first + 1 + random.nextInt(KEYS - 1)) % KEYS);
                var items = List.of(item(key), item(other));
                begin(kind, Map.of(key, items.getFirst(), other, items.getLast()));
                yield new Write(kind, items);
            }
        };
    }

    /// Begins a put outside of the plan.
    public Write put(Item key) {
        var item = item(key);
        begin(Kind.PUT, Map.of(key, item));
        return new Write(Kind.PUT, List.of(item));
    }

    private void begin(Kind kind, Map<Item, Item> changes) {
        underWay = kind;
        perhaps = new HashMap<>(known);
        perhaps.putAll(changes);
    }

    /// The write that was begun last is acknowledged.
    public void done() {
        known = Objects.requireNonNull(perhaps);
        perhaps = null;
        acknowledged.merge(Objects.requireNonNull(underWay), 1, Integer::sum);
    }

    /// Looks at what stands there, and takes it for what is known from then on.
    ///
    /// @param read the item under a key; null for none
    public void check(Function<Item, @Nullable Item> read) {
        var found = new HashMap<Item, Item>();
        IntStream.range(0, KEYS).mapToObj(this::key).forEach(key -> {
            var item = read.apply(key);
            if (item != null)
                found.put(key, item);
        });
        if (!found.equals(known))
            assertEquals(perhaps == null ? known : perhaps, found, owner);
        known = found;
        perhaps = null;
    }
}
