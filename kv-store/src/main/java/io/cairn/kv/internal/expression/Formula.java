package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// The right-hand side of a SET. Sees the item as it was before the update. Immutable.
sealed interface Formula {
    /// Its value; a [KvRefusedException] when the item has none, or one of a wrong type.
    Place of(Item item);

    record Attribute(DocumentPath path) implements Formula {
        @Override
        public Place of(Item item) {
            var place = path.in(item);
            if (place == null)
                throw KvRefusedException
                        .validation("The provided expression refers to an attribute that does not exist in the item");
            return place;
        }
    }

    record Literal(Place place) implements Formula {
        @Override
        public Place of(Item item) {
            return place;
        }
    }

    record IfNotExists(DocumentPath path, Formula otherwise) implements Formula {
        @Override
        public Place of(Item item) {
            var other = otherwise.of(item); // DynamoDB asks it in any case, and refuses when it has no value
            var place = path.in(item);
            return place == null ? other : place;
        }
    }

    record Append(Formula first, Formula second) implements Formula {
        @Override
        public Place of(Item item) {
            var left = typed(first.of(item), Encoded.L);
            var right = typed(second.of(item), Encoded.L);
            return built(writer -> {
                writer.beginList();
                tellElements(left, writer);
                tellElements(right, writer);
                writer.end();
            });
        }

        private static void tellElements(Place list, ItemWriter writer) {
            int element = Encoded.first(list.bytes(), list.at());
            for (int i = Encoded.count(list.bytes(), list.at()); i > 0; i--) {
                writer.encoded(list.bytes(), element);
                element = Encoded.end(list.bytes(), element);
            }
        }
    }

    record Sum(Formula left, Formula right, boolean minus) implements Formula {
        @Override
        public Place of(Item item) {
            var first = typed(left.of(item), Encoded.N);
            var second = typed(right.of(item), Encoded.N);
            return Place.number(minus ? first.number().subtract(second.number()) : first.number().add(second.number()));
        }
    }

    private static Place typed(Place place, byte tag) {
        if (place.tag() != tag)
            throw KvRefusedException.validation("An operand in the update expression has an incorrect data type");
        return place;
    }

    /// The one value that `telling` tells.
    static Place built(Consumer<ItemWriter> telling) {
        var writer = new ItemWriter().name("");
        telling.accept(writer);
        var item = writer.item();
        return new Place(item.encoded(), item.find("".getBytes(StandardCharsets.UTF_8)));
    }
}
