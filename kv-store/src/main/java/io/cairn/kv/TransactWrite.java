package io.cairn.kv;

import org.jspecify.annotations.Nullable;

/// One of a transaction's writes. Each is of another item.
public sealed interface TransactWrite {
    Table table();

    /// What must hold, or null.
    @Nullable
    Condition condition();

    record Put(Table table, Item item, @Nullable Condition condition) implements TransactWrite {}

    record Update(Table table, Item key, io.cairn.kv.Update update, @Nullable Condition condition) implements TransactWrite {}

    record Delete(Table table, Item key, @Nullable Condition condition) implements TransactWrite {}

    /// Changes nothing.
    record Check(Table table, Item key, Condition condition) implements TransactWrite {}
}
