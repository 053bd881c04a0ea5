package io.cairn.kv;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A table of a [KvStore]. Any thread. What changes something completes only after the change, with what it means for indexes and
/// stream, is on disk. A table that was deleted refuses everything with [Reason#NOT_FOUND].
public interface Table {
    TableDescription describe();

    /// What the table was made with, as changed since. Costs nothing.
    TableDefinition definition();

    /// The item under `key`, which has the attributes of the table's key and no others; null for none. What was acknowledged before
    /// is seen. Blocks when it must be read from disk.
    @Nullable
    Item get(Item key);

    /// The same when memory has it. Null when there is none, or only the disk could tell. Never blocks.
    @Nullable
    Item getIfInMemory(Item key);

    /// Puts an item, over the one under its key. Like the other two it never blocks, not for the disk either: what must be read from there first is
    /// read by another thread, and [Reason#OVERLOADED] when too much waits for that. [Reason#CONDITION_FAILED] when `condition` does not hold of that.
    CompletableFuture<WriteResult> putAsync(Item item, @Nullable Condition condition);

    /// Changes the item under `key`, or makes it.
    CompletableFuture<WriteResult> updateAsync(Item key, Update update, @Nullable Condition condition);

    /// Removes the item under `key`, if there is one.
    CompletableFuture<WriteResult> deleteAsync(Item key, @Nullable Condition condition);

    /// Items of one partition, in order of their sort keys. Blocks.
    Page query(Query query);

    /// Items in no particular order, each once. Blocks.
    Page scan(Scan scan);

    /// Refuses an item that cannot stand in the table.
    void requireItem(Item item);

    /// Refuses a key that is none of this table.
    void requireKey(Item key);

    /// The key of an item of this table.
    Item keyOf(Item item);

    /// What a write counts as.
    WriteUnits units(WriteResult result);

    /// What was changed in this table; [Reason#NOT_FOUND] when its stream is off.
    TableStream stream();

    default WriteResult put(Item item) {
        return KvStore.await(putAsync(item, null));
    }

    default WriteResult put(Item item, Condition condition) {
        return KvStore.await(putAsync(item, condition));
    }

    default WriteResult update(Item key, Update update) {
        return KvStore.await(updateAsync(key, update, null));
    }

    default WriteResult update(Item key, Update update, Condition condition) {
        return KvStore.await(updateAsync(key, update, condition));
    }

    default WriteResult delete(Item key) {
        return KvStore.await(deleteAsync(key, null));
    }

    default WriteResult delete(Item key, Condition condition) {
        return KvStore.await(deleteAsync(key, condition));
    }
}
