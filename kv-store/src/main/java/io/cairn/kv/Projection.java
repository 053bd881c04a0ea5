package io.cairn.kv;

import io.cairn.kv.internal.expression.BoundProjection;
import java.util.Set;

/// Which parts of an item are wanted: a compiled ProjectionExpression ([Placeholders]), or AttributesToGet ([Legacy]). Immutable; any thread.
public final class Projection {
    private final BoundProjection projection;

    Projection(BoundProjection projection) {
        this.projection = projection;
    }

    /// What is wanted of the item. Elements of a list follow each other in the order of their indexes, without gaps.
    public Item of(Item item) {
        return projection.of(item);
    }

    /// Tells `sink` what is wanted of the item, without making another: names and values as [Item#writeTo] does.
    public void writeTo(Item item, ValueSink sink) {
        projection.writeTo(item, sink);
    }

    /// Names at the top of the item that it needs.
    public Set<String> attributes() {
        return projection.attributes();
    }

    /// Those of [#attributes] of which it needs only a part: no key can be among them.
    public Set<String> nestedAttributes() {
        return projection.nested();
    }
}
