package io.cairn.kv.internal.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Conditions, filters and key conditions, by recursive descent (developer guide, "Condition and filter expressions"):
///
///     or        and (OR and)...
///     and       not (AND not)...
///     not       NOT not | primary
///     primary   operand comparator operand | operand BETWEEN operand AND operand | operand IN (operand, ...) | function | (or)
///     operand   path | :value | function | (operand)
///
/// Parentheses hold a clause or an operand, and only what follows tells which: so what is read is either, and who needs a clause says so.
final class ConditionParser {
    private static final Set<String> FUNCTIONS = Set.of("attribute_exists", "attribute_not_exists", "attribute_type",
            "begins_with",
            "contains", "size");
    private static final int MAX_IN = 100;
    private final Cursor cursor;
    /// Whether what was read last is nothing but parentheses around something.
    private boolean grouped;
    private int open;

    private ConditionParser(Kind kind, String text) {
        this.cursor = new Cursor(kind, text);
    }

    static Syntax.Clause parse(Kind kind, String text) {
        var parser = new ConditionParser(kind, text);
        var clause = parser.clause(parser.expression(false));
        parser.cursor.expectEnd();
        parser.cursor.refuseFaults();
        return clause;
    }

    private Syntax.Clause clause(Syntax read) {
        return switch (read) {
            case Syntax.Call call -> {
                if (call.function().equals("size"))
                    misused(call);
                yield call;
            }
            case Syntax.Clause clause -> clause;
            case Syntax.Term _ -> throw cursor.syntaxError();
        };
    }

    /// Few frames for each level of parentheses: there can be 300.
    ///
    /// @param and whether to stop before an OR
    private Syntax expression(boolean and) {
        var left = not();
        while (cursor.peek().isKeyword("AND") || !and && cursor.peek().isKeyword("OR")) {
            var first = clause(left);
            boolean or = cursor.take().isKeyword("OR");
            cursor.countOperator();
            var second = clause(or ? expression(true) : not());
            left = or ? new Syntax.Or(first, second) : new Syntax.And(first, second);
            grouped = false;
        }
        return left;
    }

    private Syntax not() {
        int nots = 0;
        for (; cursor.takeKeyword("NOT"); nots++)
            cursor.countOperator();
        var read = primary();
        for (; nots > 0; nots--) {
            read = new Syntax.Not(clause(read));
            grouped = false;
        }
        return read;
    }

    private Syntax primary() {
        Syntax read;
        if (cursor.takeSymbol("(")) {
            cursor.enter();
            open++;
            read = expression(false);
            open--;
            cursor.expectSymbol(")");
            cursor.leave();
            read = close(read);
        } else {
            grouped = false;
            read = operand();
        }
        return read instanceof Syntax.Term term ? after(term) : read;
    }

    /// What parentheses are closed around.
    private <S extends Syntax> S close(S inner) {
        if (grouped)
            throw cursor.redundantParentheses();
        grouped = true;
        return inner;
    }

    /// A clause when the term is the first operand of one.
    private Syntax after(Syntax.Term first) {
        var comparator = Comparator.of(cursor.peek());
        if (comparator != null) {
            cursor.take();
            cursor.countOperator();
            return simple(new Syntax.Compare(comparator, valued(first), valued(operandInGroup())));
        }
        if (cursor.takeKeyword("BETWEEN")) {
            cursor.countOperator();
            var lower = operandInGroup();
            if (!cursor.takeKeyword("AND"))
                throw cursor.syntaxError();
            return simple(new Syntax.Between(valued(first), valued(lower), valued(operandInGroup())));
        }
        if (cursor.takeKeyword("IN")) {
            cursor.countOperator();
            return simple(new Syntax.In(valued(first), candidates()));
        }
        if (first instanceof Syntax.Call || open > 0 && cursor.peek().isSymbol(")"))
            return first;
        throw cursor.syntaxError();
    }

    private Syntax simple(Syntax.Clause clause) {
        grouped = false;
        return clause;
    }

    private List<Syntax.Term> candidates() {
        int at = cursor.peek().from();
        var candidates = arguments();
        if (candidates.size() > MAX_IN)
            cursor.note(Cursor.Fault.SIZE, at,
                    "The IN operator is provided with too many operands; number of operands: " + candidates.size());
        return candidates;
    }

    private List<Syntax.Term> arguments() {
        cursor.expectSymbol("(");
        var arguments = new ArrayList<Syntax.Term>();
        do
            arguments.add(valued(operandInGroup()));
        while (cursor.takeSymbol(","));
        cursor.expectSymbol(")");
        return List.copyOf(arguments);
    }

    private Syntax.Term operandInGroup() {
        if (!cursor.takeSymbol("(")) {
            grouped = false;
            return operand();
        }
        cursor.enter();
        var inner = operandInGroup();
        cursor.expectSymbol(")");
        cursor.leave();
        return close(inner);
    }

    private Syntax.Term operand() {
        if (!cursor.atCall())
            return cursor.pathOrLiteral();
        var name = cursor.take();
        var function = name.text();
        Functions.noteUnknown(cursor, name, FUNCTIONS, "a condition");
        cursor.countOperator();
        cursor.enter();
        var call = new Syntax.Call(function, arguments(), name.from());
        cursor.leave();
        grouped = false;
        return call;
    }

    /// Only `size` has a value that others can take.
    private Syntax.Term valued(Syntax.Term term) {
        if (term instanceof Syntax.Call call && !call.function().equals("size"))
            misused(call);
        return term;
    }

    private void misused(Syntax.Call call) {
        if (FUNCTIONS.contains(call.function()))
            Functions.noteMisused(cursor, call);
    }
}
