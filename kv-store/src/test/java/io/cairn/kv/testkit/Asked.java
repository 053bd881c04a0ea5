package io.cairn.kv.testkit;

import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A condition on an item, which can be judged by walking it and can be written as an expression. Shares nothing with the engine's own
/// expressions. What is not there is unequal to everything, and otherwise makes no comparison hold.
sealed interface Asked {
    /// @param item without attributes for none
    boolean holds(Map<String, Value> item);

    String text(Spelling spelling);

    /// What is compared.
    sealed interface Operand {
        @Nullable
        Value in(Map<String, Value> item);

        String text(Spelling spelling);
    }

    record At(Path path) implements Operand {
        @Override
        public @Nullable Value in(Map<String, Value> item) {
            return path.in(item);
        }

        @Override
        public String text(Spelling spelling) {
            return path.text(spelling);
        }
    }

    record Literal(Value value) implements Operand {
        @Override
        public Value in(Map<String, Value> item) {
            return Plain.value(value);
        }

        @Override
        public String text(Spelling spelling) {
            return spelling.value(value);
        }
    }

    record Size(Path path) implements Operand {
        @Override
        public @Nullable Value in(Map<String, Value> item) {
            return switch (path.in(item)) {
                case Value.S(var text) -> Value.n(text.length());
                case Value.B bytes -> Value.n(bytes.bytes().length);
                case Value.Set(_, var members) -> Value.n(members.size());
                case Value.L(var elements) -> Value.n(elements.size());
                case Value.M(var values) -> Value.n(values.size());
                case Value.N _,Value.Bool _,Value.Null _ -> null;
                case null -> null;
            };
        }

        @Override
        public String text(Spelling spelling) {
            return "size(" + path.text(spelling) + ")";
        }
    }

    enum Comparator {
        EQ("="), NE("<>"), LT("<"), LE("<="), GT(">"), GE(">=");

        private final String symbol;

        Comparator(String symbol) {
            this.symbol = symbol;
        }

        boolean holds(int order) {
            return switch (this) {
                case EQ -> order == 0;
                case NE -> order != 0;
                case LT -> order < 0;
                case LE -> order <= 0;
                case GT -> order > 0;
                case GE -> order >= 0;
            };
        }
    }

    record Compare(Operand left, Comparator comparator, Operand right) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            var one = left.in(item);
            var other = right.in(item);
            return switch (comparator) {
                case EQ -> one != null && one.equals(other);
                case NE -> one == null || !one.equals(other);
                case LT, LE, GT, GE -> ordered(one, comparator, other);
            };
        }

        @Override
        public String text(Spelling spelling) {
            return left.text(spelling) + " " + comparator.symbol + " " + right.text(spelling);
        }
    }

    private static boolean ordered(@Nullable Value one, Comparator comparator, @Nullable Value other) {
        return one != null && other != null && one.type() == other.type() && Plain.isOrdered(one)
                && comparator.holds(Plain.compare(one, other));
    }

    record Between(Operand value, Operand lower, Operand upper) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return ordered(value.in(item), Comparator.GE, lower.in(item))
                    && ordered(value.in(item), Comparator.LE, upper.in(item));
        }

        @Override
        public String text(Spelling spelling) {
            return value.text(spelling) + " BETWEEN " + lower.text(spelling) + " AND " + upper.text(spelling);
        }
    }

    record In(Operand value, List<Operand> candidates) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            var wanted = value.in(item);
            return wanted != null && candidates.stream().anyMatch(candidate -> wanted.equals(candidate.in(item)));
        }

        @Override
        public String text(Spelling spelling) {
            return candidates.stream().map(candidate -> candidate.text(spelling))
                    .collect(Collectors.joining(", ", value.text(spelling) + " IN (", ")"));
        }
    }

    record Exists(Path path, boolean wanted) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return (path.in(item) != null) == wanted;
        }

        @Override
        public String text(Spelling spelling) {
            return (wanted ? "attribute_exists(" : "attribute_not_exists(") + path.text(spelling) + ")";
        }
    }

    record HasType(Path path, ValueType type) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            var value = path.in(item);
            return value != null && value.type() == type;
        }

        @Override
        public String text(Spelling spelling) {
            return "attribute_type(" + path.text(spelling) + ", " + spelling.value(Value.s(type.name())) + ")";
        }
    }

    /// @param prefix S or B
    record BeginsWith(Path path, Value prefix) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return beginsWith(path.in(item), prefix);
        }

        @Override
        public String text(Spelling spelling) {
            return "begins_with(" + path.text(spelling) + ", " + spelling.value(prefix) + ")";
        }
    }

    static boolean beginsWith(@Nullable Value value, Value prefix) {
        return value != null && value.type() == prefix.type() && hex(value).startsWith(hex(prefix));
    }

    /// Two letters and a blank for each byte.
    private static String hex(Value value) {
        var text = new StringBuilder();
        for (byte b : Plain.bytes(value))
            text.append("%02x ".formatted(b));
        return text.toString();
    }

    record Contains(Path path, Value part) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return switch (path.in(item)) {
                case Value.S(var text) -> part instanceof Value.S(var wanted) && text.contains(wanted);
                case Value.B bytes -> part instanceof Value.B && hex(bytes).contains(hex(part));
                case Value.Set(_, var members) -> members.contains(part);
                case Value.L(var elements) -> elements.contains(Plain.value(part));
                case Value.N _,Value.Bool _,Value.Null _,Value.M _ -> false;
                case null -> false;
            };
        }

        @Override
        public String text(Spelling spelling) {
            return "contains(" + path.text(spelling) + ", " + spelling.value(part) + ")";
        }
    }

    record And(Asked left, Asked right) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return left.holds(item) && right.holds(item);
        }

        @Override
        public String text(Spelling spelling) {
            return "(" + left.text(spelling) + ") AND (" + right.text(spelling) + ")";
        }
    }

    record Or(Asked left, Asked right) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return left.holds(item) || right.holds(item);
        }

        @Override
        public String text(Spelling spelling) {
            return "(" + left.text(spelling) + ") OR (" + right.text(spelling) + ")";
        }
    }

    record Not(Asked inner) implements Asked {
        @Override
        public boolean holds(Map<String, Value> item) {
            return !inner.holds(item);
        }

        @Override
        public String text(Spelling spelling) {
            return "NOT (" + inner.text(spelling) + ")";
        }
    }
}
