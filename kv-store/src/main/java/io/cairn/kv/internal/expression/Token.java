package io.cairn.kv.internal.expression;

import java.util.Locale;
import java.util.Set;

/// A piece of an expression's text, `[from, to)`.
///
/// @param text as it stands there; `<EOF>` for the end
record Token(Type type, String text, int from, int to) {
    enum Type {
        /// A letter, then letters, digits and `_`. Also the keywords.
        IDENTIFIER,
        /// `#name`.
        NAME,
        /// `:value`.
        VALUE,
        /// `0`, or digits that do not begin with it.
        NUMBER,
        /// One of `= <> < <= > >= ( ) [ ] . , + -`.
        SYMBOL, END,
        /// What can stand nowhere.
        UNKNOWN
    }

    /// In upper case. No path begins with one in any kind of expression.
    private static final Set<String> KEYWORDS = Set.of("BETWEEN", "IN", "AND", "OR", "NOT", "SET", "REMOVE", "ADD", "DELETE");

    boolean isKeyword() { return type == Type.IDENTIFIER && KEYWORDS.contains(text.toUpperCase(Locale.ROOT)); }

    boolean isSymbol(String symbol) {
        return type == Type.SYMBOL && text.equals(symbol);
    }

    boolean isKeyword(String keyword) {
        return type == Type.IDENTIFIER && text.equalsIgnoreCase(keyword);
    }
}
