package io.cairn.kv;

import io.cairn.kv.internal.expression.Question;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What has to be so of an item: a compiled ConditionExpression or FilterExpression ([Placeholders]), or a legacy member that says such
/// ([Legacy]). Immutable; any thread.
public final class Condition {
    private final Question question;

    Condition(Question question) {
        this.question = question;
    }

    /// @param item null for none: it has no attributes then
    public boolean holds(@Nullable Item item) {
        return question.holds(item);
    }

    /// Names at the top of the item that it looks at.
    public Set<String> attributes() {
        return question.attributes();
    }

    /// Those of [#attributes] that it looks into, with a path: no key can be among them.
    public Set<String> nestedAttributes() {
        return question.nested();
    }
}
