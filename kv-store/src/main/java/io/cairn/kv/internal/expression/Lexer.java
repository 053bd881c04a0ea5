package io.cairn.kv.internal.expression;

import java.util.ArrayList;
import java.util.List;

/// Cuts an expression into [Token]s. What no expression has becomes a token too, so that the parser says where it stands.
final class Lexer {
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /// The last is the end.
    static List<Token> tokens(String text) {
        var lexer = new Lexer(text);
        while (lexer.one()) {
        }
        return lexer.tokens;
    }

    private boolean one() {
        while (at < text.length() && isSpace(text.charAt(at)))
            at++;
        if (at == text.length()) {
            tokens.add(new Token(Token.Type.END, "<EOF>", at, at));
            return false;
        }
        char c = text.charAt(at);
        if (isLetter(c))
            add(Token.Type.IDENTIFIER, wordEnd(at + 1));
        else if (c == '#' || c == ':') {
            int end = wordEnd(at + 1);
            add(end == at + 1 ? Token.Type.UNKNOWN : c == '#' ? Token.Type.NAME : Token.Type.VALUE, end);
        } else if (isDigit(c)) {
            int end = at + 1;
            while (c != '0' && end < text.length() && isDigit(text.charAt(end)))
                end++;
            add(Token.Type.NUMBER, end);
        } else
            symbol(c);
        return true;
    }

    private void symbol(char c) {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        switch (c) {
            case '=', '(', ')', '[', ']', '.', ',', '+', '-' -> add(Token.Type.SYMBOL, at + 1);
            case '<' -> add(Token.Type.SYMBOL, next == '=' || next == '>' ? at + 2 : at + 1);
            case '>' -> add(Token.Type.SYMBOL, next == '=' ? at + 2 : at + 1);
            default -> add(Token.Type.UNKNOWN, text.offsetByCodePoints(at, 1));
        }
    }

    private void add(Token.Type type, int end) {
        tokens.add(new Token(type, text.substring(at, end), at, end));
        at = end;
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && isWord(text.charAt(end)))
            end++;
        return end;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isWord(char c) {
        return isLetter(c) || isDigit(c) || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
