package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.ValueSink;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A projection with its placeholders resolved: tells the values at its paths from an item's bytes. Immutable.
public final class BoundProjection {
    private final List<DocumentPath> paths;
    private final Selection.Fields selection;

    /// @param paths of which none is within another
    BoundProjection(List<DocumentPath> paths) {
        this.paths = paths;
        this.selection = Selection.of(paths);
    }

    /// Names at the top of the item that it needs, in the order of the expression.
    public Set<String> attributes() {
        var names = new LinkedHashSet<String>();
        for (var path : paths)
            names.add(path.top().name());
        return names;
    }

    /// Those of them of which it needs only a part.
    public Set<String> nested() {
        var names = new LinkedHashSet<String>();
        for (var path : paths)
            if (!path.isTop())
                names.add(path.top().name());
        return names;
    }

    public void writeTo(Item item, ValueSink sink) {
        selection.tell(item.encoded(), item.entriesAt(), item.count(), sink);
    }

    public Item of(Item item) {
        var writer = new ItemWriter();
        writeTo(item, writer);
        return writer.item();
    }
}
