package io.cairn.kv.internal.expression;

import io.cairn.kv.KvRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expression's tokens, and how far a parser is; what all grammars share. A syntax error and redundant parentheses end parsing at once; other faults are noted
/// with [#note], and the most important of them is told at the end, as DynamoDB does it.
final class Cursor {
    /// UTF-8 of an expression.
    static final int MAX_BYTES = 4096;
    /// Comparators, logical operators, functions.
    static final int MAX_OPERATORS = 300;
    static final int MAX_PATH_STEPS = 32;
    /// Parentheses and functions within one another. More need redundant parentheses or too many operators: this bounds the parser's
    /// recursion, not what is allowed.
    private static final int MAX_NESTING = MAX_OPERATORS + 20;
    private static final String REDUNDANT_PARENTHESES = "The expression has redundant parentheses;";
    private final Kind kind;
    private final String text;
    private final List<Token> tokens;
    private final Map<Fault, Noted> faults = new EnumMap<>(Fault.class);
    private int next;
    private int operators;
    private int nesting;

    /// In the order in which DynamoDB looks for them.
    enum Fault {
        /// A word that no name may be, a function that does not exist or cannot stand there, an index that is too large: what comes first.
        WORD,
        /// A section of an update that was there already.
        SECTION_TWICE,
        /// A path too deep, too many operands of IN: what comes first.
        SIZE,
        OPERATORS
    }

    /// @param at where in the text it stands
    private record Noted(int at, String what) {}

    Cursor(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
        if (text.isEmpty())
            throw kind.refused("The expression can not be empty;");
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES)
            throw kind.refused("Expression size has exceeded the maximum allowed size;" + switch (kind) {
                case CONDITION, FILTER, KEY_CONDITION -> " expression size: " + bytes;
                case UPDATE, PROJECTION -> "";
            });
        this.tokens = Lexer.tokens(text);
    }

    Token peek() {
        return tokens.get(next);
    }

    private Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        var token = tokens.get(next);
        if (next < tokens.size() - 1)
            next++;
        return token;
    }

    boolean takeSymbol(String symbol) {
        boolean there = peek().isSymbol(symbol);
        if (there)
            take();
        return there;
    }

    boolean takeKeyword(String keyword) {
        boolean there = peek().isKeyword(keyword);
        if (there)
            take();
        return there;
    }

    void expectSymbol(String symbol) {
        if (!takeSymbol(symbol))
            throw syntaxError();
    }

    void expectEnd() {
        if (peek().type() != Token.Type.END)
            throw syntaxError();
    }

    /// The next token cannot stand where it does.
    KvRefusedException syntaxError() {
        var token = peek();
        int from = next == 0 ? 0 : tokens.get(next - 1).from();
        int to = peekSecond().to();
        return kind.refused("Syntax error; token: \"" + token.text() + "\", near: \"" + text.substring(from, to) + "\"");
    }

    /// @param at where it stands in the text; of faults of one kind the first is told
    void note(Fault fault, int at, String what) {
        faults.merge(fault, new Noted(at, what), (one, other) -> one.at <= other.at ? one : other);
    }

    /// To be called when all was parsed.
    void refuseFaults() {
        for (var noted : faults.values())
            throw kind.refused(noted.what);
    }

    void countOperator() {
        if (++operators > MAX_OPERATORS)
            note(Fault.OPERATORS, peek().from(), "The expression contains too many operators; operator count: " + operators);
    }

    /// Told at once, also before a syntax error behind them.
    KvRefusedException redundantParentheses() {
        return kind.refused(REDUNDANT_PARENTHESES);
    }

    void enter() {
        if (++nesting > MAX_NESTING)
            throw redundantParentheses();
    }

    void leave() {
        nesting--;
    }

    /// Whether `name(` follows.
    boolean atCall() {
        return peek().type() == Token.Type.IDENTIFIER && !peek().isKeyword() && peekSecond().isSymbol("(");
    }

    /// A path or a value placeholder.
    Syntax.Term pathOrLiteral() {
        return peek().type() == Token.Type.VALUE ? literal() : path();
    }

    Syntax.Literal literal() {
        if (peek().type() != Token.Type.VALUE)
            throw syntaxError();
        var key = take().text();
        return new Syntax.Literal(key, key.getBytes(StandardCharsets.UTF_8));
    }

    Syntax.Path path() {
        int at = peek().from();
        var steps = new ArrayList<Syntax.Step>(1);
        steps.add(field());
        return path(steps, at);
    }

    private Syntax.Path path(List<Syntax.Step> steps, int at) {
        while (true) {
            if (takeSymbol("."))
                steps.add(field());
            else if (takeSymbol("[")) {
                steps.add(element());
                expectSymbol("]");
            } else
                break;
        }
        if (steps.size() > MAX_PATH_STEPS)
            note(Fault.SIZE, at, "The document path has too many nesting levels; nesting levels: " + steps.size());
        return new Syntax.Path(List.copyOf(steps), resolved(steps));
    }

    private Syntax.Step field() {
        var token = peek();
        if (token.type() == Token.Type.NAME)
            return new Syntax.Step.Placeholder(take().text());
        if (token.type() != Token.Type.IDENTIFIER || token.isKeyword())
            throw syntaxError();
        if (ReservedWords.contain(token.text()))
            note(Fault.WORD, token.from(), "Attribute name is a reserved keyword; reserved keyword: " + token.text());
        return new Syntax.Step.Field(take().text());
    }

    private Syntax.Step element() {
        var token = peek();
        if (token.type() != Token.Type.NUMBER)
            throw syntaxError();
        take();
        try {
            return new Syntax.Step.Element(Integer.parseInt(token.text()));
        } catch (NumberFormatException _) {
            note(Fault.WORD, token.from(), "List index is not within the allowable range; index: [" + token.text() + "]");
            return new Syntax.Step.Element(0);
        }
    }

    private static @Nullable DocumentPath resolved(List<Syntax.Step> steps) {
        var resolved = new ArrayList<DocumentPath.Step>(steps.size());
        for (var step : steps)
            switch (step) {
                case Syntax.Step.Field(var name) -> resolved.add(new DocumentPath.Field(name));
                case Syntax.Step.Element(int index) -> resolved.add(new DocumentPath.Element(index));
                case Syntax.Step.Placeholder _ -> {
                    return null;
                }
            }
        return new DocumentPath(List.copyOf(resolved));
    }
}
