package io.cairn.server.dynamodb.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// All operations of DynamoDB and of DynamoDB Streams, and what their requests consist of. Immutable.
///
/// Derived from the services' Smithy models into one text, which `ModelGenerator` among the tests writes: a line for each shape, after the shapes that it
/// names, and one for each operation, after its input. Words are divided by blanks; `-` is no bound.
///
///     service      target prefix; shapes before are forgotten
///     text         name min max [pattern, which may have blanks]
///     enum         name value...                        values in the order in which the service prints them
///     integer long name min max
///     double boolean blob timestamp value attributes    name
///     list         name element min max
///     map          name key value min max
///     structure    name member:shape...                 `!` behind a required one
///     operation    name input error...
public final class Model {
    private static final String RESOURCE = "/io/cairn/server/dynamodb/model.txt";
    private final Map<String, Operation> operations;

    private Model(Map<String, Operation> operations) {
        this.operations = operations;
    }

    /// The model that this program was built with.
    public static Model load() {
        try (var in = Model.class.getResourceAsStream(RESOURCE)) {
            if (in == null)
                throw new IllegalStateException("the program lacks its resource " + RESOURCE);
            return parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the program's resource " + RESOURCE + " cannot be read", e);
        }
    }

    static Model parse(String text) {
        var lines = new Lines();
        int from = 0;
        for (int end; (end = text.indexOf('\n', from)) >= 0; from = end + 1)
            if (end > from && text.charAt(from) != '#')
                lines.take(text.substring(from, end));
        return new Model(lines.operations);
    }

    /// The operation that `X-Amz-Target` names, or null.
    public @Nullable Operation operation(String target) {
        return operations.get(target);
    }

    /// All of them, in the order of the models.
    public Collection<Operation> operations() {
        return operations.values();
    }

    /// What was read so far.
    private static final class Lines {
        private final Map<String, Operation> operations = new LinkedHashMap<>();
        private final Map<String, Shape> shapes = new HashMap<>();
        private String prefix = "";

        void take(String line) {
            var words = line.split(" ");
            switch (words[0]) {
                case "service" -> {
                    prefix = words[1].concat(".");
                    shapes.clear();
                }
                case "operation" -> {
                    var target = prefix.concat(words[1]); // `+` would link a call site, at server start
                    var errors = List.of(words).subList(3, words.length);
                    operations.put(target, new Operation(target, words[1], structure(words[2]), errors));
                }
                default -> shapes.put(words[1], shape(line, words));
            }
        }

        private Shape shape(String line, String[] words) {
            var name = words[1];
            return switch (words[0]) {
                case "text" -> new Shape.Text(name, range(words, 2), pattern(line, words), List.of());
                case "enum" -> new Shape.Text(name, Range.ANY, null, List.of(Arrays.copyOfRange(words, 2, words.length)));
                case "integer" -> new Shape.Whole(name, false, range(words, 2));
                case "long" -> new Shape.Whole(name, true, range(words, 2));
                case "double" -> new Shape.Real(name);
                case "boolean" -> new Shape.Bool(name);
                case "blob" -> new Shape.Bytes(name);
                case "timestamp" -> new Shape.Time(name);
                case "value" -> new Shape.AttributeValue(name);
                case "attributes" -> new Shape.Attributes(name);
                case "list" -> new Shape.ListOf(name, shape(words[2]), range(words, 3));
                case "map" -> new Shape.MapOf(name, text(words[2]), shape(words[3]), range(words, 4));
                case "structure" -> {
                    var members = new ArrayList<StructureShape.Member>(words.length - 2);
                    for (int i = 2; i < words.length; i++)
                        members.add(member(words[i], i - 2));
                    yield new StructureShape(name, members);
                }
                default -> throw new IllegalStateException("no line of a model: " + line);
            };
        }

        private StructureShape.Member member(String word, int index) {
            boolean required = word.endsWith("!");
            int colon = word.indexOf(':');
            var target = word.substring(colon + 1, required ? word.length() - 1 : word.length());
            return new StructureShape.Member(word.substring(0, colon), index, shape(target), required);
        }

        private Shape shape(String name) {
            var shape = shapes.get(name);
            if (shape == null)
                throw new IllegalStateException("the model names " + name + " before it has it");
            return shape;
        }

        private StructureShape structure(String name) {
            return (StructureShape) shape(name);
        }

        private Shape.Text text(String name) {
            return (Shape.Text) shape(name);
        }

        private static Range range(String[] words, int at) {
            if (words[at].equals("-") && words[at + 1].equals("-"))
                return Range.ANY;
            return new Range(words[at].equals("-") ? Long.MIN_VALUE : Long.parseLong(words[at]),
                    words[at + 1].equals("-") ? Long.MAX_VALUE : Long.parseLong(words[at + 1]));
        }

        private static @Nullable Pattern pattern(String line, String[] words) {
            if (words.length < 5)
                return null;
            int at = 0;
            for (int i = 0; i < 4; i++)
                at += words[i].length() + 1;
            return Pattern.compile(line.substring(at));
        }
    }
}
