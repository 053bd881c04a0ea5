package io.cairn.kv.internal.expression;

import org.jspecify.annotations.Nullable;

/// What stands between two operands that are compared.
enum Comparator {
    EQ("="), NE("<>"), LT("<"), LE("<="), GT(">"), GE(">=");

    private final String symbol;

    Comparator(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    static @Nullable Comparator of(Token token) {
        if (token.type() == Token.Type.SYMBOL)
            for (var comparator : values())
                if (comparator.symbol.equals(token.text()))
                    return comparator;
        return null;
    }

    /// The one that says the same of the operands the other way round.
    Comparator mirrored() {
        return switch (this) {
            case EQ -> EQ;
            case NE -> NE;
            case LT -> GT;
            case LE -> GE;
            case GT -> LT;
            case GE -> LE;
        };
    }

    /// @param order of two operands, as `Comparable` has it
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
