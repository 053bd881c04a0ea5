package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.item.Encoded;
import java.util.Arrays;
import java.util.List;

/// A condition with its placeholders resolved: asks an item's bytes. Immutable. What is not there equals nothing and is in no order.
sealed interface BoundCondition {
    boolean holds(Item item);

    record Always() implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            return true;
        }
    }

    record And(BoundCondition left, BoundCondition right) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            return left.holds(item) && right.holds(item);
        }
    }

    record Or(BoundCondition left, BoundCondition right) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            return left.holds(item) || right.holds(item);
        }
    }

    record Not(BoundCondition inner) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            return !inner.holds(item);
        }
    }

    record Compare(Comparator comparator, Operand left, Operand right) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            var first = left.in(item);
            var second = right.in(item);
            if (first == null || second == null)
                return comparator == Comparator.NE;
            return switch (comparator) {
                case EQ -> first.equalTo(second);
                case NE -> !first.equalTo(second);
                case LT, LE, GT, GE -> comparable(first, second) && comparator.holds(order(first, second));
            };
        }
    }

    record Between(Operand value, Operand lower, Operand upper) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            var place = value.in(item);
            var from = lower.in(item);
            var to = upper.in(item);
            return place != null && from != null && to != null && comparable(place, from) && comparable(place, to)
                    && order(place, from) >= 0 && order(place, to) <= 0;
        }
    }

    record In(Operand value, List<Operand> candidates) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            var place = value.in(item);
            if (place == null)
                return false;
            for (var candidate : candidates) {
                var other = candidate.in(item);
                if (other != null && place.equalTo(other))
                    return true;
            }
            return false;
        }
    }

    record Exists(DocumentPath path) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            return path.find(item) >= 0;
        }
    }

    record HasType(Operand value, ValueType type) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            var place = value.in(item);
            return place != null && place.type() == type;
        }
    }

    record BeginsWith(Operand value, Operand prefix) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            var place = value.in(item);
            var begin = prefix.in(item);
            if (place == null || begin == null || place.tag() != begin.tag() || !isText(place))
                return false;
            int from = Encoded.contentFrom(place.bytes(), place.at());
            int beginFrom = Encoded.contentFrom(begin.bytes(), begin.at());
            int count = begin.end() - beginFrom;
            return place.end() - from >= count
                    && Arrays.equals(place.bytes(), from, from + count, begin.bytes(), beginFrom, begin.end());
        }
    }

    record Contains(Operand value, Operand part) implements BoundCondition {
        @Override
        public boolean holds(Item item) {
            var place = value.in(item);
            var wanted = part.in(item);
            if (place == null || wanted == null)
                return false;
            return switch (place.type()) {
                case S, B -> place.tag() == wanted.tag() && containsText(place, wanted);
                case SS -> wanted.tag() == Encoded.S && containsMember(place, wanted);
                case NS -> wanted.tag() == Encoded.N && containsMember(place, wanted);
                case BS -> wanted.tag() == Encoded.B && containsMember(place, wanted);
                case L -> containsElement(place, wanted);
                case N, BOOL, NULL, M -> false;
            };
        }
    }

    private static boolean comparable(Place left, Place right) {
        return left.tag() == right.tag() && left.type().isKey();
    }

    private static int order(Place left, Place right) {
        return Encoded.compare(left.bytes(), left.at(), right.bytes(), right.at());
    }

    private static boolean isText(Place place) {
        return place.tag() == Encoded.S || place.tag() == Encoded.B;
    }

    /// UTF-8 is found in UTF-8 only where a character begins, so bytes are as good as characters.
    private static boolean containsText(Place place, Place wanted) {
        var bytes = place.bytes();
        int wantedFrom = Encoded.contentFrom(wanted.bytes(), wanted.at());
        int count = wanted.end() - wantedFrom;
        for (int at = Encoded.contentFrom(bytes, place.at()); at + count <= place.end(); at++)
            if (Arrays.equals(bytes, at, at + count, wanted.bytes(), wantedFrom, wanted.end()))
                return true;
        return false;
    }

    private static boolean containsMember(Place set, Place wanted) {
        var bytes = set.bytes();
        int from = Encoded.contentFrom(wanted.bytes(), wanted.at());
        int member = Encoded.first(bytes, set.at());
        for (int i = Encoded.count(bytes, set.at()); i > 0; i--) {
            int memberFrom = Encoded.afterVarint(bytes, member);
            int memberEnd = memberFrom + Encoded.varint(bytes, member);
            if (Arrays.equals(bytes, memberFrom, memberEnd, wanted.bytes(), from, wanted.end()))
                return true;
            member = memberEnd;
        }
        return false;
    }

    private static boolean containsElement(Place list, Place wanted) {
        var bytes = list.bytes();
        int element = Encoded.first(bytes, list.at());
        for (int i = Encoded.count(bytes, list.at()); i > 0; i--) {
            if (Encoded.equal(bytes, element, wanted.bytes(), wanted.at()))
                return true;
            element = Encoded.end(bytes, element);
        }
        return false;
    }
}
