package io.cairn.server.config;

import java.util.LinkedHashMap;
import java.util.Map;

/// Reads the part of TOML 1.0 (toml.io/en/v1.0.0) that settings need: comments, `[table]`, bare keys, basic strings with
/// escapes, literal strings, decimal integers and booleans, one pair a line. All else is refused with its line.
///
/// The name of a table goes in front of its keys: `file` under `[log]` is the key `log-file`.
final class Toml {
    /// @param text of the value: a string without quotes and escapes, an integer or boolean as written
    record Value(String text, int line) {}

    private final String source;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private String table = "";
    private String line = "";
    private int number;
    private int at;

    private Toml(String source) {
        this.source = source;
    }

    /// @param source how errors call the file
    static Map<String, Value> parse(String text, String source) {
        var toml = new Toml(source);
        text.lines().forEach(toml::line);
        return toml.values;
    }

    private void line(String text) {
        line = text;
        number++;
        at = 0;
        skipBlanks();
        if (atEnd())
            return;
        if (line.charAt(at) == '[') {
            at++;
            skipBlanks();
            table = name() + "-";
            skipBlanks();
            expect(']');
        } else {
            pair();
        }
        skipBlanks();
        if (!atEnd())
            throw refused("unexpected text `" + line.substring(at) + "`");
    }

    private void pair() {
        var key = table + name();
        skipBlanks();
        expect('=');
        skipBlanks();
        if (values.putIfAbsent(key, new Value(value(), number)) != null)
            throw refused("`" + key + "` is set twice");
    }

    private String name() {
        int begin = at;
        while (at < line.length() && (Character.isLetterOrDigit(line.charAt(at)) || "-_".indexOf(line.charAt(at)) >= 0))
            at++;
        if (begin == at)
            throw refused("a name of letters, digits, - and _ is expected");
        return line.substring(begin, at);
    }

    private String value() {
        if (at == line.length())
            throw refused("a value is missing");
        return switch (line.charAt(at)) {
            case '"' -> basicString();
            case '\'' -> literalString();
            default -> bare();
        };
    }

    private String bare() {
        int begin = at;
        while (at < line.length() && " \t#".indexOf(line.charAt(at)) < 0)
            at++;
        var text = line.substring(begin, at);
        if (!text.matches("true|false|[+-]?(0|[1-9](_?[0-9])*)"))
            throw refused("`" + text + "` is neither a string in quotes, an integer, nor true or false");
        return text.replace("_", "").replaceFirst("^\\+", "");
    }

    private String literalString() {
        int end = line.indexOf('\'', at + 1);
        if (end < 0)
            throw refused("the closing ' is missing");
        var text = line.substring(at + 1, end);
        at = end + 1;
        return text;
    }

    private String basicString() {
        var text = new StringBuilder();
        for (at++; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                at++;
                return text.toString();
            }
            text.append(c == '\\' ? escaped() : String.valueOf(c));
        }
        throw refused("the closing \" is missing");
    }

    /// Leaves [#at] on the last letter of the escape.
    private String escaped() {
        at++;
        char c = at < line.length() ? line.charAt(at) : ' ';
        return switch (c) {
            case '"', '\\' -> String.valueOf(c);
            case 'b' -> "\b";
            case 'f' -> "\f";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'u' -> codePoint(4);
            case 'U' -> codePoint(8);
            default -> throw refused("`\\" + c + "` is no escape");
        };
    }

    private String codePoint(int digits) {
        int end = at + 1 + digits;
        if (end > line.length() || !line.substring(at + 1, end).matches("[0-9A-Fa-f]+"))
            throw refused(digits + " hexadecimal digits are expected behind \\" + line.charAt(at));
        long codePoint = Long.parseLong(line.substring(at + 1, end), 16);
        if (codePoint > Character.MAX_CODE_POINT || (codePoint >= 0xD800 && codePoint <= 0xDFFF))
            throw refused("\\" + line.substring(at, end) + " is no Unicode scalar value");
        at = end - 1;
        return Character.toString((int) codePoint);
    }

    private void expect(char c) {
        if (at == line.length() || line.charAt(at) != c)
            throw refused("`" + c + "` is expected");
        at++;
    }

    private void skipBlanks() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t'))
            at++;
    }

    private boolean atEnd() {
        return at == line.length() || line.charAt(at) == '#';
    }

    private ConfigException refused(String what) {
        return new ConfigException(source + " line " + number + ": " + what);
    }
}
