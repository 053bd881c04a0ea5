package io.cairn.kv.internal.engine;

import io.cairn.kv.KeyCondition;
import io.cairn.kv.KeyCondition.Comparison;
import io.cairn.kv.KeyCondition.Operator;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import io.cairn.kv.internal.row.KeyLayout;
import io.cairn.kv.internal.row.KeyLayout.Part;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.Store.Range;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which rows a query, or a segment of a scan, walks.
final class KeyRange {
    private KeyRange() {}

    /// The rows of one partition that `condition` names: all partition attributes equal something; of the sort attributes the first
    /// few equal something, and the next may be compared.
    static Range of(KeyLayout keys, KeyCondition condition) {
        var left = new ArrayList<>(condition.comparisons());
        var partition = new ArrayList<byte[]>();
        for (var part : keys.partition()) {
            var comparison = take(left, part);
            if (comparison == null)
                throw KvRefusedException.validation("Query condition missed key schema element: " + part.name());
            if (comparison.operator() != Operator.EQ)
                throw unsupported();
            partition.add(operand(comparison, part, 0));
        }
        var prefix = keys.partitionPrefix(partition);
        for (var part : keys.sort()) {
            var comparison = take(left, part);
            if (comparison == null) {
                if (!left.isEmpty())
                    throw keys.sort().size() == 1
                            ? KvRefusedException.validation("Query condition missed key schema element: " + part.name())
                            : unsupported();
                break;
            }
            if (comparison.operator() != Operator.EQ) {
                if (!left.isEmpty())
                    throw unsupported();
                return range(prefix, comparison, part);
            }
            prefix = with(prefix, operand(comparison, part, 0));
        }
        if (!left.isEmpty())
            throw unsupported();
        return Range.prefix(prefix);
    }

    private static KvRefusedException unsupported() {
        return KvRefusedException.validation("Query key condition not supported");
    }

    private static @Nullable Comparison take(List<Comparison> from, Part part) {
        for (var comparison : from)
            if (comparison.attribute().equals(part.name())) {
                from.remove(comparison);
                return comparison;
            }
        return null;
    }

    private static byte[] operand(Comparison comparison, Part part, int index) {
        var value = comparison.operands().get(index);
        if (Encoded.type(value[0]) != part.type())
            throw ItemChecks.invalid("Condition parameter type does not match schema type");
        if (Encoded.contentFrom(value, 0) == value.length)
            throw KvRefusedException.validation(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                            + (value[0] == Encoded.S ? "string" : "binary") + " value. Key: " + part.name());
        return value;
    }

    private static byte[] with(byte[] prefix, byte[] value) {
        var key = new OrderedBytes(prefix.length + value.length + 2).raw(prefix);
        KeyLayout.append(key, value, 0);
        return key.toBytes();
    }

    private static Range range(byte[] prefix, Comparison comparison, Part part) {
        var value = operand(comparison, part, 0);
        return switch (comparison.operator()) {
            case EQ -> Range.prefix(with(prefix, value));
            case LT -> new Range(prefix, with(prefix, value));
            case LE -> new Range(prefix, OrderedBytes.afterPrefix(with(prefix, value)));
            case GT -> new Range(after(with(prefix, value)), OrderedBytes.afterPrefix(prefix));
            case GE -> new Range(with(prefix, value), OrderedBytes.afterPrefix(prefix));
            case BETWEEN -> new Range(with(prefix, value), OrderedBytes.afterPrefix(with(prefix, operand(comparison, part, 1))));
            case BEGINS_WITH -> {
                int from = Encoded.contentFrom(value, 0);
                yield Range.prefix(new OrderedBytes(prefix.length + value.length).raw(prefix)
                        .escapedPrefix(value, from, value.length - from).toBytes());
            }
        };
    }

    /// Behind every key that begins so; there is one, as a table's id comes first and is far from the largest.
    private static byte[] after(byte[] prefix) {
        var after = OrderedBytes.afterPrefix(prefix);
        if (after == null)
            throw new IllegalStateException("a key of nothing but FF");
        return after;
    }

    /// The rows of one of `segments` equal parts of all hashes.
    static Range segment(KeyLayout keys, int segment, int segments) {
        var from = segment == 0 ? keys.head() : keys.fromHash(boundary(segment, segments));
        return new Range(from, segment + 1 == segments
                ? OrderedBytes.afterPrefix(keys.head())
                : keys.fromHash(boundary(segment + 1, segments)));
    }

    private static long boundary(int segment, int segments) {
        return BigInteger.ONE.shiftLeft(64).multiply(BigInteger.valueOf(segment)).divide(BigInteger.valueOf(segments))
                .longValue();
    }
}
