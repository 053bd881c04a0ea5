package io.cairn.kv;

import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.Varint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.StringJoiner;

/// Builds an [Item] from what it is told, in any order of names; a name told twice has its last value. Used again after [#item].
/// Not thread-safe.
///
/// What no item can have (an empty set, a member twice, more than [#MAX_DEPTH] levels) is a [KvRefusedException] of [Reason#VALIDATION]; the writer is to be thrown away then.
/// What is told out of turn is an `IllegalStateException`.
public final class ItemWriter implements ValueSink {
    /// Lists and maps within one another; the item itself is the 32nd level.
    public static final int MAX_DEPTH = 31;
    private static final int MAX_BYTES = 256 << 20;
    private byte[] bytes = new byte[512];
    private int length;
    private byte[] spare = new byte[0];
    /// Where entries and members of what is open begin, innermost last.
    private int[] starts = new int[32];
    private int startCount;
    private final byte[] tags = new byte[MAX_DEPTH + 2];
    private final int[] bodyAt = new int[MAX_DEPTH + 2];
    private final int[] firstStart = new int[MAX_DEPTH + 2];
    private int depth;
    private boolean named;

    public ItemWriter() {
        clear();
    }

    private void clear() {
        length = 0;
        startCount = 0;
        depth = 0;
        named = false;
        tags[0] = Encoded.M;
    }

    /// The item; the writer is empty then.
    public Item item() {
        if (depth != 0 || named)
            throw new IllegalStateException("an item is asked for before its end");
        int count = sortEntries(0, 0);
        var item = Item.ofEntries(bytes, 0, length, count);
        clear();
        return item;
    }

    public ItemWriter name(String name) {
        var utf8 = name.getBytes(StandardCharsets.UTF_8);
        name(utf8, 0, utf8.length);
        return this;
    }

    @Override
    public void name(byte[] utf8, int from, int count) {
        if (tags[depth] != Encoded.M || named)
            throw new IllegalStateException("no name can stand here");
        start();
        counted(utf8, from, count);
        named = true;
    }

    /// Begins a value, element or member.
    private void begin() {
        switch (tags[depth]) {
            case Encoded.M -> {
                if (!named)
                    throw new IllegalStateException("a value in a map needs a name");
                named = false;
            }
            case Encoded.L -> start();
            default -> throw new IllegalStateException("this cannot be a member of a set");
        }
    }

    private void start() {
        if (startCount == starts.length)
            starts = Arrays.copyOf(starts, startCount * 2);
        starts[startCount++] = length;
    }

    /// Whether the value goes into a set that takes such.
    private boolean member(byte set) {
        if (tags[depth] != set)
            return false;
        start();
        return true;
    }

    public ItemWriter string(String text) {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        string(utf8, 0, utf8.length);
        return this;
    }

    @Override
    public void string(byte[] utf8, int from, int count) {
        if (!member(Encoded.SS)) {
            begin();
            u8(Encoded.S);
        }
        counted(utf8, from, count);
    }

    /// The number that `text` says: [Decimal#encode(CharSequence, byte[], int)].
    public ItemWriter number(CharSequence text) {
        reserve(Decimal.MAX_BYTES + 2);
        if (member(Encoded.NS)) {
            int end = Decimal.encode(text, bytes, length + 1);
            bytes[length] = (byte) (end - length - 1);
            length = end;
        } else {
            begin();
            bytes[length] = Encoded.N;
            length = Decimal.encode(text, bytes, length + 1);
        }
        return this;
    }

    @Override
    public void number(byte[] decimal, int from) {
        int count = Decimal.length(decimal, from);
        if (!member(Encoded.NS)) {
            begin();
            u8(Encoded.N);
            raw(decimal, from, count);
        } else
            counted(decimal, from, count);
    }

    @Override
    public void binary(byte[] value, int from, int count) {
        if (!member(Encoded.BS)) {
            begin();
            u8(Encoded.B);
        }
        counted(value, from, count);
    }

    @Override
    public void bool(boolean value) {
        begin();
        u8(value ? Encoded.TRUE : Encoded.FALSE);
    }

    @Override
    public void nothing() {
        begin();
        u8(Encoded.NULL);
    }

    @Override
    public void beginSet(ValueType type) {
        open(switch (type) {
            case SS -> Encoded.SS;
            case NS -> Encoded.NS;
            case BS -> Encoded.BS;
            case S, N, B, BOOL, NULL, L, M -> throw new IllegalArgumentException("no set: " + type);
        });
    }

    @Override
    public void beginList() {
        open(Encoded.L);
    }

    @Override
    public void beginMap() {
        open(Encoded.M);
    }

    private void open(byte tag) {
        begin();
        boolean nests = tag == Encoded.L || tag == Encoded.M;
        if (depth == MAX_DEPTH && nests)
            throw KvRefusedException.validation(
                    "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit");
        depth++;
        tags[depth] = tag;
        bodyAt[depth] = length;
        firstStart[depth] = startCount;
    }

    /// Sorts what was told since the beginning, and writes the head before it.
    @Override
    public void end() {
        if (depth == 0 || named)
            throw new IllegalStateException("nothing can end here");
        byte tag = tags[depth];
        int from = bodyAt[depth];
        int first = firstStart[depth];
        int count = switch (tag) {
            case Encoded.M -> sortEntries(from, first);
            case Encoded.L -> startCount - first;
            default -> sortMembers(tag, from, first);
        };
        int body = length - from;
        int rest = Varint.length(count) + body;
        int head = 1 + Varint.length(rest) + Varint.length(count);
        reserve(head);
        System.arraycopy(bytes, from, bytes, from + head, body);
        bytes[from] = tag;
        int _ = Varint.put(bytes, Varint.put(bytes, from + 1, rest), count);
        length += head;
        startCount = first;
        depth--;
    }

    /// Any value.
    public ItemWriter value(Value value) {
        switch (value) {
            case Value.S(var text) -> string(text);
            case Value.N(var number) -> {
                var decimal = new byte[Decimal.MAX_BYTES];
                int _ = Decimal.encode(number, decimal, 0);
                number(decimal, 0);
            }
            case Value.B(var content) -> binary(content, 0, content.length);
            case Value.Bool(var truth) -> bool(truth);
            case Value.Null() -> nothing();
            case Value.Set(var type, var members) -> {
                beginSet(type);
                members.forEach(this::value);
                end();
            }
            case Value.L(var elements) -> {
                beginList();
                elements.forEach(this::value);
                end();
            }
            case Value.M(var values) -> {
                beginMap();
                values.forEach((name, inner) -> name(name).value(inner));
                end();
            }
        }
        return this;
    }

    /// The value at `at` of encoded bytes, which stay as they are.
    public ItemWriter encoded(byte[] source, int at) {
        begin();
        raw(source, at, Encoded.end(source, at) - at);
        return this;
    }

    private int sortEntries(int from, int first) {
        int count = startCount - first;
        for (int i = first + 1; i < startCount; i++)
            if (compareNames(starts[i - 1], starts[i]) >= 0)
                return rearrange(from, first, count);
        return count;
    }

    private int compareNames(int left, int right) {
        int leftName = Encoded.afterVarint(bytes, left);
        int rightName = Encoded.afterVarint(bytes, right);
        return Arrays.compareUnsigned(bytes, leftName, leftName + Encoded.varint(bytes, left), bytes, rightName,
                rightName + Encoded.varint(bytes, right));
    }

    /// Sorts entries or members and leaves only the last of equal ones; returns how many are left.
    private int rearrange(int from, int first, int count) {
        var order = new Integer[count];
        for (int i = 0; i < count; i++)
            order[i] = first + i;
        Arrays.sort(order, (a, b) -> compareNames(starts[a], starts[b])); // stable
        if (isSet(tags[depth]))
            requireDistinct(order, first);
        if (spare.length < length - from)
            spare = new byte[bytes.length];
        int at = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (i + 1 < count && compareNames(starts[order[i]], starts[order[i + 1]]) == 0)
                continue;
            int start = starts[order[i]];
            int end = order[i] + 1 < first + count ? starts[order[i] + 1] : length;
            System.arraycopy(bytes, start, spare, at, end - start);
            at += end - start;
            left++;
        }
        System.arraycopy(spare, 0, bytes, from, at);
        length = from + at;
        return left;
    }

    private int sortMembers(byte tag, int from, int first) {
        int count = startCount - first;
        if (count == 0)
            throw KvRefusedException.validation("One or more parameter values were invalid: " + switch (tag) {
                case Encoded.SS -> "An string set  may not be empty";
                case Encoded.NS -> "An number set  may not be empty";
                default -> "Binary sets should not be empty";
            });
        return sortEntries(from, first);
    }

    private static boolean isSet(byte tag) {
        return tag == Encoded.SS || tag == Encoded.NS || tag == Encoded.BS;
    }

    /// @param order of the members, which still stand as they were told: the message has them so
    private void requireDistinct(Integer[] order, int first) {
        for (int i = 1; i < order.length; i++)
            if (compareNames(starts[order[i - 1]], starts[order[i]]) == 0)
                throw KvRefusedException.validation(switch (tags[depth]) {
                    case Encoded.SS -> "One or more parameter values were invalid: Input collection " + membersAsTold(first)
                            + " contains duplicates.";
                    case Encoded.NS -> "Input collection contains duplicates";
                    default -> "One or more parameter values were invalid: Input collection " + membersAsTold(first)
                            + "of type BS contains duplicates.";
                });
    }

    private String membersAsTold(int first) {
        var members = new StringJoiner(", ", "[", "]");
        for (int i = first; i < startCount; i++) {
            int from = Encoded.afterVarint(bytes, starts[i]);
            int count = Encoded.varint(bytes, starts[i]);
            members.add(tags[depth] == Encoded.SS
                    ? new String(bytes, from, count, StandardCharsets.UTF_8)
                    : Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, from + count)));
        }
        return members.toString();
    }

    private void counted(byte[] source, int from, int count) {
        reserve(count + Varint.MAX_BYTES);
        length = Varint.put(bytes, length, count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    private void raw(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    private void u8(byte value) {
        reserve(1);
        bytes[length++] = value;
    }

    private void reserve(int more) {
        long needed = (long) length + more;
        if (needed > MAX_BYTES)
            throw KvRefusedException.validation("Item size has exceeded the maximum allowed size");
        if (needed > bytes.length)
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, bytes.length * 2L)));
    }
}
