package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.internal.item.Encoded;
import org.jspecify.annotations.Nullable;

/// What a condition looks at.
sealed interface Operand {
    /// Its value, or null when the item has none.
    @Nullable
    Place in(Item item);

    record Attribute(DocumentPath path) implements Operand {
        @Override
        public @Nullable Place in(Item item) {
            return path.in(item);
        }
    }

    record Literal(Place place) implements Operand {
        @Override
        public Place in(Item item) {
            return place;
        }
    }

    /// UTF-16 units of a string, bytes of a binary, members, elements, entries; what is not there has none.
    record Size(Operand of) implements Operand {
        @Override
        public @Nullable Place in(Item item) {
            var place = of.in(item);
            return place == null ? null : switch (place.type()) {
                case S -> Place.number(characters(place));
                case B -> Place.number(Encoded.varint(place.bytes(), place.at() + 1));
                case SS, NS, BS, L, M -> Place.number(Encoded.count(place.bytes(), place.at()));
                case N, BOOL, NULL -> null;
            };
        }

        private static int characters(Place text) {
            var bytes = text.bytes();
            int count = 0;
            int end = text.end();
            for (int i = Encoded.contentFrom(bytes, text.at()); i < end; i++)
                if ((bytes[i] & 0xC0) != 0x80) // not within a character
                    count += (bytes[i] & 0xF8) == 0xF0 ? 2 : 1; // four bytes are a pair of units
            return count;
        }
    }
}
