package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.Condition;
import io.cairn.kv.Projection;
import io.cairn.kv.Table;
import io.cairn.kv.Update;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keys have no parts, so no expression may look into one: the service says so before it looks at any item.
final class Scalars {
    private Scalars() {}

    static void require(Table table, @Nullable Condition condition) {
        if (condition != null)
            require(table, condition.nestedAttributes());
    }

    static void require(Table table, @Nullable Projection projection) {
        if (projection != null)
            require(table, projection.nestedAttributes());
    }

    static void require(Table table, Update update) {
        require(table, update.nestedAttributes());
    }

    private static void require(Table table, Set<String> nested) {
        if (nested.isEmpty())
            return;
        var definition = table.definition();
        refuse(nested, definition.key().names(), "Key");
        for (var index : definition.indexes())
            refuse(nested, index.key().names(), "IndexKey");
    }

    private static void refuse(Set<String> nested, Iterable<String> keys, String what) {
        for (var key : keys)
            if (nested.contains(key))
                throw validation(
                        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " + what
                                + ": "
                                + key);
    }
}
