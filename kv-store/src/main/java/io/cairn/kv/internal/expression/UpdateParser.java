package io.cairn.kv.internal.expression;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Updates (developer guide, "Using update expressions"):
///
///     update    section...
///     section   SET path = value, ... | REMOVE path, ... | ADD path :value, ... | DELETE path :value, ...
///     value     operand | operand + operand | operand - operand | (value)
///     operand   path | :value | function | (operand)
final class UpdateParser {
    private static final Set<String> SECTIONS = Set.of("SET", "REMOVE", "ADD", "DELETE");
    private static final Set<String> FUNCTIONS = Set.of("if_not_exists", "list_append");
    private final Cursor cursor;
    private final Set<String> sections = new HashSet<>();
    private final List<Syntax.Action> actions = new ArrayList<>();
    /// Whether what was read last is nothing but parentheses around something.
    private boolean grouped;

    private UpdateParser(String text) {
        this.cursor = new Cursor(Kind.UPDATE, text);
    }

    static List<Syntax.Action> parse(String text) {
        var parser = new UpdateParser(text);
        do
            parser.section();
        while (parser.cursor.peek().type() != Token.Type.END);
        parser.cursor.refuseFaults();
        return List.copyOf(parser.actions);
    }

    private void section() {
        var section = cursor.peek().text().toUpperCase(Locale.ROOT);
        if (!SECTIONS.contains(section))
            throw cursor.syntaxError();
        cursor.take();
        do
            actions.add(switch (section) {
                case "SET" -> set();
                case "REMOVE" -> new Syntax.Action.Remove(cursor.path());
                case "ADD" -> new Syntax.Action.Add(cursor.path(), cursor.literal());
                default -> new Syntax.Action.Delete(cursor.path(), cursor.literal());
            });
        while (cursor.takeSymbol(","));
        if (!sections.add(section))
            cursor.note(Cursor.Fault.SECTION_TWICE, cursor.peek().from(),
                    "The \"" + section + "\" section can only be used once in an update expression;");
    }

    private Syntax.Action set() {
        var path = cursor.path();
        cursor.expectSymbol("=");
        return new Syntax.Action.Set(path, value());
    }

    private Syntax.Term value() {
        var left = group(true);
        if (!cursor.peek().isSymbol("+") && !cursor.peek().isSymbol("-"))
            return left;
        if (left instanceof Syntax.Sum)
            throw cursor.syntaxError(); // no sums of sums
        boolean minus = cursor.take().isSymbol("-");
        cursor.countOperator();
        var right = group(false);
        grouped = false;
        return new Syntax.Sum(operand(left), operand(right), minus);
    }

    private Syntax.Term group(boolean sumAllowed) {
        if (!cursor.takeSymbol("(")) {
            grouped = false;
            return term();
        }
        cursor.enter();
        var inner = sumAllowed ? value() : group(false);
        cursor.expectSymbol(")");
        cursor.leave();
        if (grouped)
            throw cursor.redundantParentheses();
        grouped = true;
        return inner;
    }

    private Syntax.Term term() {
        if (!cursor.atCall())
            return cursor.pathOrLiteral();
        var name = cursor.take();
        Functions.noteUnknown(cursor, name, FUNCTIONS, "an update");
        cursor.countOperator();
        cursor.enter();
        cursor.expectSymbol("(");
        var arguments = new ArrayList<Syntax.Term>();
        do
            arguments.add(operand(group(false)));
        while (cursor.takeSymbol(","));
        cursor.expectSymbol(")");
        cursor.leave();
        grouped = false;
        return new Syntax.Call(name.text(), List.copyOf(arguments), name.from());
    }

    /// Only `if_not_exists` has a value that others can take.
    private Syntax.Term operand(Syntax.Term term) {
        if (term instanceof Syntax.Call call && call.function().equals("list_append"))
            Functions.noteMisused(cursor, call);
        return term;
    }
}
