package io.cairn.kv.internal.expression;

import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.Varint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An update with its placeholders resolved. Each attribute at the item's top that it names gets its new value first, all judged by the old
/// item; then one pass merges those with the old item's entries. So the usual update, which sets attributes, copies the runs between them and
/// looks at nothing inside. Only paths into maps and lists make a [Tree], of their attribute alone. Immutable.
public final class BoundUpdate {
    /// Lists and maps within one another in an attribute: the item around them is a level too.
    private static final int MAX_DEPTH = ItemWriter.MAX_DEPTH;
    private final List<Action> actions;
    /// Those, by name at the top; equal ones stay in order.
    private final List<Action> sorted;
    /// Indexes into those in the order of the expression: what is wrong first there is told. (DynamoDB tells any of them.)
    private final int[] evaluation;

    BoundUpdate(List<Action> actions) {
        this.actions = List.copyOf(actions);
        if (actions.size() == 1) {
            this.sorted = this.actions;
            this.evaluation = new int[]{0};
            return;
        }
        this.sorted = actions.stream()
                .sorted(Comparator.comparing(action -> action.path().top().utf8(), Arrays::compareUnsigned)).toList();
        this.evaluation = actions.stream().mapToInt(sorted::indexOf).toArray();
    }

    /// Whether it does nothing but to remove attributes and members of sets; one that does nothing at all does not.
    public boolean onlyRemoves() {
        return !actions.isEmpty()
                && actions.stream().allMatch(action -> action instanceof Action.Remove || action instanceof Action.Delete);
    }

    /// Names at the top of the item that it changes, in the order of the expression.
    public Set<String> attributes() {
        var names = new LinkedHashSet<String>();
        for (var action : actions)
            names.add(action.path().top().name());
        return names;
    }

    /// Names of attributes into which it looks or of which it changes only a part.
    public Set<String> nested() {
        var names = new LinkedHashSet<String>();
        for (var action : actions) {
            nested(action.path(), names);
            if (action instanceof Action.Set(var _, var formula))
                nested(formula, names);
        }
        return names;
    }

    private static void nested(DocumentPath path, Set<String> names) {
        if (!path.isTop())
            names.add(path.top().name());
    }

    private static void nested(Formula formula, Set<String> names) {
        switch (formula) {
            case Formula.Attribute(var path) -> nested(path, names);
            case Formula.IfNotExists(var path, var otherwise) -> {
                nested(path, names);
                nested(otherwise, names);
            }
            case Formula.Append(var first, var second) -> {
                nested(first, names);
                nested(second, names);
            }
            case Formula.Sum(var left, var right, boolean _) -> {
                nested(left, names);
                nested(right, names);
            }
            case Formula.Literal _ -> {
            }
        }
    }

    /// The item after the update.
    public Item apply(Item old) {
        var values = new @Nullable Place[sorted.size()];
        for (int i : evaluation) {
            var action = sorted.get(i);
            if (!action.path().hasParent(old))
                throw Tree.invalidPath();
            values[i] = after(action, old);
        }
        var changes = new ArrayList<Change>(sorted.size());
        for (int i = 0; i < sorted.size();) {
            int end = i + 1;
            var path = sorted.get(i).path();
            if (path.isTop())
                changes.add(new Change(path.top().utf8(), values[i]));
            else {
                while (end < sorted.size() && sorted.get(end).path().top().equals(path.top()))
                    end++;
                changes.add(new Change(path.top().utf8(), inside(old, path.top(), i, end, values)));
            }
            i = end;
        }
        return merge(old, changes);
    }

    /// The values of the paths that the update names, as far as the item has them.
    public Item touched(Item item) {
        return new BoundProjection(actions.stream().map(Action::path).toList()).of(item);
    }

    /// The attribute's value after the actions `[from, end)`, which are within it.
    private Place inside(Item old, DocumentPath.Field top, int from, int end, @Nullable Place[] values) {
        var root = Tree.unfolded(new Place(old.encoded(), old.find(top.utf8())));
        for (int i = from; i < end; i++) {
            var path = sorted.get(i).path();
            var value = values[i];
            Tree.put(Tree.parent(root, path), path.steps().getLast(), value == null ? null : new Tree.Leaf(value));
        }
        return Tree.encoded(root);
    }

    private static @Nullable Place after(Action action, Item old) {
        var value = action.after(old);
        if (value != null && action.path().steps().size() - 1 + Encoded.depth(value.bytes(), value.at()) > MAX_DEPTH)
            throw KvRefusedException.validation("Nesting Levels have exceeded supported limits");
        return value;
    }

    /// @param value null for none
    private record Change(byte[] name, @Nullable Place value) {
        int bytes() {
            return value == null ? 0 : Varint.MAX_BYTES + name.length + value.end() - value.at();
        }
    }

    /// @param changes by name
    private static Item merge(Item old, List<Change> changes) {
        var bytes = old.encoded();
        int room = bytes.length;
        for (var change : changes)
            room = Math.addExact(room, change.bytes());
        var merged = new byte[room];
        int length = 0;
        int count = old.count();
        int entry = old.entriesAt();
        int left = count;
        int runFrom = entry; // what is kept since the last change
        for (var change : changes) {
            int order = 1;
            int value = -1;
            for (; left > 0; left--) {
                int from = Encoded.afterVarint(bytes, entry);
                value = from + Encoded.varint(bytes, entry);
                order = Arrays.compareUnsigned(bytes, from, value, change.name, 0, change.name.length);
                if (order >= 0)
                    break;
                entry = Encoded.end(bytes, value);
                order = 1;
            }
            System.arraycopy(bytes, runFrom, merged, length, entry - runFrom);
            length += entry - runFrom;
            if (order == 0) {
                entry = Encoded.end(bytes, value);
                left--;
                count--;
            }
            runFrom = entry;
            if (change.value != null) {
                length = put(merged, length, change.name, change.value);
                count++;
            }
        }
        int end = bytes.length;
        System.arraycopy(bytes, runFrom, merged, length, end - runFrom);
        length += end - runFrom;
        return Item.ofEntries(merged, 0, length, count);
    }

    private static int put(byte[] into, int at, byte[] name, Place value) {
        int nameAt = Varint.put(into, at, name.length);
        System.arraycopy(name, 0, into, nameAt, name.length);
        int valueAt = nameAt + name.length;
        int count = value.end() - value.at();
        System.arraycopy(value.bytes(), value.at(), into, valueAt, count);
        return valueAt + count;
    }
}
