package io.cairn.kv.internal.expression;

import java.util.Set;

/// What the grammars say of functions that stand where they cannot.
final class Functions {
    private static final Set<String> ALL = Set.of("attribute_exists", "attribute_not_exists", "attribute_type", "begins_with",
            "contains",
            "size", "if_not_exists", "list_append");

    private Functions() {}

    /// @param where the kind of expression, with its article
    static void noteUnknown(Cursor cursor, Token name, Set<String> allowed, String where) {
        var function = name.text();
        if (!ALL.contains(function))
            cursor.note(Cursor.Fault.WORD, name.from(), "Invalid function name; function: " + function);
        else if (!allowed.contains(function))
            cursor.note(Cursor.Fault.WORD, name.from(),
                    "The function is not allowed in " + where + " expression; function: " + function);
    }

    static void noteMisused(Cursor cursor, Syntax.Call call) {
        cursor.note(Cursor.Fault.WORD, call.at(),
                "The function is not allowed to be used this way in an expression; function: " + call.function());
    }
}
