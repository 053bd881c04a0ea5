package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import org.jspecify.annotations.Nullable;

/// One thing that an update does, with its placeholders resolved. Immutable.
sealed interface Action {
    DocumentPath path();

    /// What stands at the path then, judged by the item before the update; null for nothing.
    @Nullable
    Place after(Item old);

    record Set(DocumentPath path, Formula formula) implements Action {
        @Override
        public Place after(Item old) {
            return formula.of(old);
        }
    }

    record Remove(DocumentPath path) implements Action {
        @Override
        public @Nullable Place after(Item old) {
            return null;
        }
    }

    /// Adds a number, members to a set, or elements to a list (AttributeUpdates alone has that one).
    ///
    /// @param mismatch what is said when something of another type is there
    record Add(DocumentPath path, Place value, String mismatch) implements Action {
        @Override
        public Place after(Item old) {
            var place = path.in(old);
            if (place == null)
                return value;
            if (place.tag() != value.tag())
                throw KvRefusedException.validation(mismatch);
            return switch (value.tag()) {
                case Encoded.N -> Place.number(place.number().add(value.number()));
                case Encoded.L -> new Formula.Append(new Formula.Literal(place), new Formula.Literal(value)).of(old);
                default -> MemberSets.union(place, value);
            };
        }
    }

    /// Deletes members of a set.
    ///
    /// @param mismatch as [Add]'s
    record Delete(DocumentPath path, Place value, String mismatch) implements Action {
        @Override
        public @Nullable Place after(Item old) {
            var place = path.in(old);
            if (place == null)
                return null;
            if (place.tag() != value.tag())
                throw KvRefusedException.validation(mismatch);
            return MemberSets.difference(place, value);
        }
    }
}
