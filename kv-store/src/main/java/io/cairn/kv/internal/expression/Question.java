package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A condition that can be asked. Immutable.
public final class Question {
    private final BoundCondition condition;
    private final Set<String> attributes;
    private final Set<String> nested;

    Question(BoundCondition condition, Set<String> attributes, Set<String> nested) {
        this.condition = condition;
        this.attributes = Collections.unmodifiableSet(new LinkedHashSet<>(attributes));
        this.nested = Collections.unmodifiableSet(new LinkedHashSet<>(nested));
    }

    public boolean holds(@Nullable Item item) {
        return condition.holds(item == null ? Item.EMPTY : item);
    }

    /// Names at the top of the item that it looks at, in the order of the expression.
    public Set<String> attributes() {
        return attributes;
    }

    /// Those of them that it looks into.
    public Set<String> nested() {
        return nested;
    }
}
