package io.cairn.server.dynamodb.difference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Texts of expressions with their placeholders, mostly of sound grammar.
final class ExpressionDraws {
    private final Draws draws;
    private final Values values;
    private final TableShape table;
    final Map<String, Object> names = new LinkedHashMap<>();
    final Map<String, Object> bound = new LinkedHashMap<>();
    private List<String> allowed = Values.OTHERS;
    private List<String> keys;

    ExpressionDraws(Draws draws, Values values, TableShape table) {
        this.draws = draws;
        this.values = values;
        this.table = table;
        this.keys = table.keyNames();
    }

    /// Puts the placeholders into a request, now and then with one too many or too few.
    void into(Map<String, Object> body) {
        if (draws.mistake(60))
            names.put("#unused", "zzz");
        if (draws.mistake(60))
            bound.put(":unused", values.scalar());
        if (!names.isEmpty() && draws.mistake(150))
            names.remove(names.keySet().iterator().next());
        if (!bound.isEmpty() && draws.mistake(150))
            bound.remove(bound.keySet().iterator().next());
        if (!names.isEmpty())
            body.put("ExpressionAttributeNames", names);
        if (!bound.isEmpty())
            body.put("ExpressionAttributeValues", bound);
    }

    String bind(Map<String, Object> value) {
        for (var entry : bound.entrySet())
            if (entry.getValue().equals(value))
                return entry.getKey();
        var name = ":v" + bound.size();
        bound.put(name, value);
        return name;
    }

    private String spelled(String name) {
        if (!draws.oneIn(4))
            return name;
        names.put("#" + name, name);
        return "#" + name;
    }

    private String attribute(boolean keysToo) {
        return keysToo && !keys.isEmpty() && draws.oneIn(6) ? draws.of(keys) : draws.of(allowed);
    }

    /// From now on no attribute that is not among these is looked at.
    ExpressionDraws within(List<String> names, List<String> keyNames) {
        allowed = names;
        keys = keyNames;
        return this;
    }

    String path(boolean keysToo) {
        return path(attribute(keysToo));
    }

    private String path(String name) {
        var path = spelled(name);
        if (name.equals("m") && !draws.oneIn(3))
            path += "." + spelled(draws.of("x", "y", "z"));
        else if (name.equals("l") && !draws.oneIn(3))
            path += "[" + draws.of("0", "1", "2") + "]";
        else if (table.types().containsKey(name) ? draws.mistake(100) : draws.oneIn(25))
            path += draws.of(".x", "[0]", ".x.y", "[0][1]");
        return path;
    }

    private String operand() {
        return switch (draws.below(7)) {
            case 0, 1 -> path(true);
            case 2 -> "size(" + path(true) + ")";
            default -> bind(draws.oneIn(3) ? values.key(draws.of("S", "N", "B")) : values.any(1));
        };
    }

    /// Only values that have an order can be compared by it.
    private String ordered() {
        return bind(draws.mistake(40) ? values.any(1) : values.key(draws.of("S", "N", "B")));
    }

    private String comparison() {
        var path = path(true);
        return switch (draws.below(6)) {
            case 0 -> path + " = " + operandBut(path);
            case 1 -> path + " <> " + operandBut(path);
            default -> path + " " + draws.of("<", "<=", ">", ">=") + " " + ordered();
        };
    }

    private String operandBut(String path) {
        var operand = operand();
        return operand.equals(path) ? bind(values.scalar()) : operand;
    }

    /// @param depth how deep `AND`, `OR` and `NOT` nest
    String condition(int depth) {
        if (depth > 0 && draws.oneIn(2))
            return switch (draws.below(4)) {
                case 0 -> condition(depth - 1) + " AND " + condition(depth - 1);
                case 1 -> condition(depth - 1) + " or " + condition(depth - 1);
                case 2 -> "NOT " + condition(depth - 1);
                default -> parenthesized(condition(depth - 1));
            };
        return switch (draws.below(12)) {
            case 0, 1 -> "attribute_exists(" + path(true) + ")";
            case 2, 3 -> "attribute_not_exists(" + path(true) + ")";
            case 4 -> "attribute_type(" + path(true) + ", "
                    + bind(Map.of("S", draws.of("S", "N", "B", "SS", "NS", "BS", "L", "M", "NULL", "BOOL"))) + ")";
            case 5 -> "begins_with(" + path(true) + ", " + bind(draws.of(Map.of("S", "a"), Map.of("B", "AA=="))) + ")";
            case 6 -> "contains(" + path(true) + ", " + bind(values.scalar()) + ")";
            case 7 -> path(true) + " BETWEEN " + between();
            case 8 -> path(true) + " IN (" + bind(values.scalar()) + ", " + bind(values.any(1)) + ")";
            case 9 -> "size(" + path(true) + ") " + draws.of("=", "<>", "<", "<=", ">", ">=") + " " + bind(values.number());
            case 10 -> draws.mistake(8) ? broken() : comparison();
            default -> comparison();
        };
    }

    private static String parenthesized(String condition) {
        return condition.startsWith("(") ? condition : "(" + condition + ")";
    }

    private String between() {
        return draws.mistake(8)
                ? bind(Map.of("N", "2")) + " AND " + bind(Map.of("N", "1"))
                : bind(Map.of("N", draws.of("-1", "0"))) + " AND " + bind(Map.of("N", draws.of("1", "10")));
    }

    private String broken() {
        return draws.of("", "a", "a =", "a = :v AND", "(a = b", "a == b", "foo(a)", "size(a)", "attribute_exists(a, b)",
                "begins_with(a)", "a IN ()", "a BETWEEN b", "attribute_exists(:x)", "contains(a, a)", "a = a",
                "attribute_type(a, b)", "a < $", "NOT", "a = :missing", "#missing = a", "begins_with(a, " + bind(values.number())
                        + ")",
                "attribute_type(a, " + bind(Map.of("S", "X")) + ")", "size(a, b) = c", "((a = b))", "a[x] = b", "a..b = c",
                "attribute_exists(" + bind(values.scalar()) + ")", "if_not_exists(a, b) = c");
    }

    String projection() {
        if (draws.mistake(60))
            return brokenProjection();
        var paths = new ArrayList<String>();
        var tops = new ArrayList<String>();
        for (int i = draws.from(1, 3); i > 0; i--) {
            var name = attribute(true);
            if (tops.contains(name))
                continue; // no two may overlap
            tops.add(name);
            paths.add(path(name));
        }
        return String.join(draws.of(", ", ","), paths);
    }

    private String brokenProjection() {
        return draws.of("", "a,", "a, a", "a.b, a", "a b", "size(a)", ":v", "a[0], a[1], a", "name", "a-b", "1x");
    }

    String update() {
        if (draws.mistake(50))
            return draws.of("", "SET", "SET a", "SET a = ", "REMOVE", "ADD a", "DELETE a b", "SET a = b SET c = d",
                    "SET a = a, a = b",
                    "REMOVE a, a.b", "SET k = :v", "REMOVE k", "FOO a", "SET a = :missing", "SET a = foo(b)", "ADD a.b c",
                    "SET a = b + c + d", "SET a = size(b)", "SET a = list_append(b)", "SET name = a", "set m.x = a, m = b");
        var clauses = new ArrayList<String>();
        int risky = draws.below(4); // one of them can meet something that does not fit: of two, either may be named
        var taken = new ArrayList<String>();
        var target = draws.mistake(30) ? draws.of(table.keyNames()) : attribute(false);
        taken.add(target);
        for (var verb : List.of("SET", "REMOVE", "ADD", "DELETE"))
            if (verb.equals(List.of("SET", "REMOVE", "ADD", "DELETE").get(risky)))
                clauses.add(risky(verb, target));
            else if (draws.oneIn(3) && (verb.equals("SET") || verb.equals("REMOVE")))
                clauses.add(plain(verb, taken));
        clauses.removeIf(String::isEmpty);
        return String.join(" ", clauses);
    }

    private String risky(String verb, String name) {
        var path = path(name);
        return verb + " " + switch (verb) {
            case "SET" -> path + " = " + assigned();
            case "REMOVE" -> path;
            case "ADD" -> path + " " + bind(draws.oneIn(3) ? values.set() : draws.mistake(10) ? values.any(1) : values.number());
            default -> path + " " + bind(draws.mistake(10) ? values.any(1) : values.set());
        };
    }

    /// Of whole attributes, which always can be.
    private String plain(String verb, List<String> taken) {
        var actions = new ArrayList<String>();
        for (int i = draws.from(1, 2); i > 0; i--) {
            var name = draws.of(Values.OTHERS);
            if (taken.contains(name))
                continue;
            taken.add(name);
            actions.add(verb.equals("SET") ? spelled(name) + " = " + bind(values.under(name, table.types())) : spelled(name));
        }
        return actions.isEmpty() ? "" : verb + " " + String.join(", ", actions);
    }

    private String assigned() {
        return switch (draws.below(10)) {
            case 0 -> "if_not_exists(" + path(false) + ", " + bind(values.any(1)) + ")";
            case 1 -> "list_append(" + path(false) + ", " + bind(Map.of("L", List.of(values.scalar()))) + ")";
            case 2 -> path(false) + " + " + bind(values.number());
            case 3 -> "if_not_exists(" + path(false) + ", " + bind(values.number()) + ") - " + bind(values.number());
            case 4 -> path(false);
            default -> bind(draws.oneIn(5) ? values.any(2) : values.scalar());
        };
    }
}
