package io.cairn.server.dynamodb.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the text that [Model] reads from the services' Smithy models (JSON AST 2.0), which are test dependencies. Only what requests
/// consist of is kept, and the errors of each operation. To write it anew, run this on the class path of the tests with the resource's path
/// (`server/src/main/resources/io/cairn/server/dynamodb/model.txt`) as its argument.
final class ModelGenerator {
    /// The order in which the service prints values, where it is known not to be the model's (recorded from it by dynalite's tests).
    private static final Map<String, String> PRINTED = Map.of("ReturnConsumedCapacity", "INDEXES TOTAL NONE", "ReturnValue",
            "ALL_NEW UPDATED_OLD ALL_OLD NONE UPDATED_NEW", "ScalarAttributeType", "B N S", "ProjectionType",
            "ALL INCLUDE KEYS_ONLY",
            "ConditionalOperator", "OR AND", "ComparisonOperator",
            "IN NULL BETWEEN LT NOT_CONTAINS EQ GT NOT_NULL NE LE BEGINS_WITH GE CONTAINS", "Select",
            "SPECIFIC_ATTRIBUTES COUNT ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES");

    private final Map<String, Object> shapes;
    private final StringBuilder out;
    private final Set<String> written = new HashSet<>();

    private ModelGenerator(Map<String, Object> shapes, StringBuilder out) {
        this.shapes = shapes;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), generate());
    }

    /// The text for both services.
    static String generate() {
        var out = new StringBuilder("# Written by ModelGenerator from the services' Smithy models; see Model for the form.\n");
        for (var resource : ModelSources.RESOURCES)
            new ModelGenerator(map(ModelSources.read(resource).get("shapes")), out).service();
        return out.toString();
    }

    private void service() {
        for (var entry : shapes.entrySet()) {
            var shape = map(entry.getValue());
            if (!"service".equals(shape.get("type")))
                continue;
            out.append("service ").append(local(entry.getKey())).append('\n');
            for (var operation : list(shape.get("operations")))
                operation(target(operation));
        }
    }

    private void operation(String id) {
        var operation = map(shapes.get(id));
        var input = target(operation.get("input"));
        shape(input);
        out.append("operation ").append(local(id)).append(' ').append(local(input));
        var errors = operation.get("errors");
        if (errors != null)
            for (var error : list(errors))
                out.append(' ').append(local(target(error)));
        out.append('\n');
    }

    private void shape(String id) {
        if (!written.add(id))
            return;
        if (id.startsWith("smithy.api#")) {
            simple(local(id));
            return;
        }
        var shape = map(shapes.get(id));
        var traits = shape.get("traits") == null ? Map.<String, Object>of() : map(shape.get("traits"));
        var name = local(id);
        var type = String.valueOf(shape.get("type"));
        switch (type) {
            case "string" -> line("text", name, range(traits.get("smithy.api#length")), pattern(traits));
            case "enum" -> line("enum", name, PRINTED.getOrDefault(name, values(shape)));
            case "integer", "long" -> line(type, name, range(traits.get("smithy.api#range")));
            case "double", "boolean", "blob", "timestamp" -> line(type, name);
            case "list" -> {
                var element = target(shape.get("member"));
                shape(element);
                line("list", name, local(element), range(traits.get("smithy.api#length")));
            }
            case "map" -> {
                var key = target(shape.get("key"));
                var value = target(shape.get("value"));
                if (local(value).equals("AttributeValue")) {
                    line("attributes", name);
                    return;
                }
                shape(key);
                shape(value);
                line("map", name, local(key), local(value), range(traits.get("smithy.api#length")));
            }
            case "union" -> line("value", name); // AttributeValue is the only one
            case "structure" -> structure(name, shape);
            default -> throw new IllegalStateException(id + " is of an unknown type: " + type);
        }
    }

    private void structure(String name, Map<String, Object> shape) {
        var members = new StringBuilder();
        for (var entry : map(shape.get("members")).entrySet()) {
            var member = map(entry.getValue());
            var target = target(member);
            shape(target);
            boolean required = member.get("traits") != null && map(member.get("traits")).containsKey("smithy.api#required");
            members.append(members.isEmpty() ? "" : " ").append(entry.getKey()).append(':').append(local(target))
                    .append(required ? "!" : "");
        }
        line("structure", name, members.toString());
    }

    private void simple(String prelude) {
        switch (prelude) {
            case "String" -> line("text", prelude, "- -");
            case "Integer", "Long" -> line(prelude.toLowerCase(Locale.ROOT), prelude, "- -");
            case "Double", "Boolean", "Blob", "Timestamp" -> line(prelude.toLowerCase(Locale.ROOT), prelude);
            default -> throw new IllegalStateException("unknown shape of Smithy's prelude: " + prelude);
        }
    }

    private static String values(Map<String, Object> shape) {
        var values = new ArrayList<String>();
        map(shape.get("members")).forEach((name, member) -> {
            var traits = map(member).get("traits");
            var value = traits == null ? null : map(traits).get("smithy.api#enumValue");
            values.add(value == null ? name : value.toString());
        });
        return String.join(" ", values);
    }

    private static String range(@Nullable Object trait) {
        if (trait == null)
            return "- -";
        var bounds = map(trait);
        return bounds.getOrDefault("min", "-") + " " + bounds.getOrDefault("max", "-");
    }

    /// As the service prints it: Smithy has anchors around what must match as a whole anyway.
    private static String pattern(Map<String, Object> traits) {
        var pattern = traits.get("smithy.api#pattern");
        if (pattern == null)
            return "";
        var text = pattern.toString();
        return text.startsWith("^") && text.endsWith("$") ? text.substring(1, text.length() - 1) : text;
    }

    private void line(String... words) {
        out.append(String.join(" ", words).stripTrailing()).append('\n');
    }

    private static String local(String id) {
        return id.substring(id.indexOf('#') + 1);
    }

    private static String target(@Nullable Object reference) {
        return String.valueOf(map(reference).get("target"));
    }

    @SuppressWarnings("unchecked") // made by ModelSources
    static Map<String, Object> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map)
            return (Map<String, Object>) map;
        throw new IllegalStateException("no JSON object: " + value);
    }

    @SuppressWarnings("unchecked") // made by ModelSources
    static List<Object> list(@Nullable Object value) {
        if (value instanceof List<?> list)
            return (List<Object>) list;
        throw new IllegalStateException("no JSON array: " + value);
    }
}
