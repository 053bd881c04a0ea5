package io.cairn.kv;

import io.cairn.kv.internal.expression.BoundUpdate;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to become of an item: a compiled UpdateExpression ([Placeholders]), or AttributeUpdates ([Legacy]). Immutable; any thread.
public final class Update {
    private final BoundUpdate update;

    Update(BoundUpdate update) {
        this.update = update;
    }

    /// The item after the update. What cannot be done to this item (a type that does not fit, a path that leads nowhere, a number too large)
    /// is a [KvRefusedException] of [Reason#VALIDATION]. The new item's size is the caller's to check.
    ///
    /// An update that removes attributes, or members of sets, and does nothing else makes no item: API reference, AttributeUpdates, "DELETE -
    /// Causes nothing to happen; there is no attribute to delete", and so the service treats expressions (scylladb issue 5862 has its test).
    ///
    /// @param old null for none
    /// @param key what a new item begins with
    /// @return null for none
    public @Nullable Item apply(@Nullable Item old, Item key) {
        var after = update.apply(old == null ? key : old);
        return old == null && update.onlyRemoves() ? null : after;
    }

    /// The values of the paths that the update names, as far as `item` has them: what UPDATED_OLD and UPDATED_NEW return.
    public Item touched(Item item) {
        return update.touched(item);
    }

    /// Names at the top of the item that it changes.
    public Set<String> attributes() {
        return update.attributes();
    }

    /// Names of attributes into which it looks or of which it changes only a part: no key can be among them.
    public Set<String> nestedAttributes() {
        return update.nested();
    }
}
