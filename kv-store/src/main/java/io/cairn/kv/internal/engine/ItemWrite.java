package io.cairn.kv.internal.engine;

import io.cairn.kv.Condition;
import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import org.jspecify.annotations.Nullable;

/// A write of one item: what is checked before anything is read, and what becomes of what was read.
sealed interface ItemWrite {
    /// The key, or an item that has it.
    Item key();

    /// Refuses what cannot stand in the table, whatever stands there now.
    void check(TableLayout table);

    /// What becomes of `before`; null for no item. Refuses when the condition does not hold.
    @Nullable
    Item after(TableLayout table, @Nullable Item before);

    record Put(Item key, @Nullable Condition condition) implements ItemWrite {
        @Override
        public void check(TableLayout table) {
            ItemChecks.item(table, key);
        }

        @Override
        public Item after(TableLayout table, @Nullable Item before) {
            require(condition, before);
            return key;
        }
    }

    record Update(Item key, io.cairn.kv.Update update, @Nullable Condition condition) implements ItemWrite {
        @Override
        public void check(TableLayout table) {
            ItemChecks.key(table.keys(), key);
            ItemChecks.noKey(table.keys(), update.attributes());
        }

        @Override
        public @Nullable Item after(TableLayout table, @Nullable Item before) {
            require(condition, before);
            var after = update.apply(before, key);
            if (after != null)
                ItemChecks.updated(table, before, after);
            return after;
        }
    }

    record Delete(Item key, @Nullable Condition condition) implements ItemWrite {
        @Override
        public void check(TableLayout table) {
            ItemChecks.key(table.keys(), key);
        }

        @Override
        public @Nullable Item after(TableLayout table, @Nullable Item before) {
            require(condition, before);
            return null;
        }
    }

    /// A transaction's check: the item stays.
    record Check(Item key, Condition condition) implements ItemWrite {
        @Override
        public void check(TableLayout table) {
            ItemChecks.key(table.keys(), key);
        }

        @Override
        public @Nullable Item after(TableLayout table, @Nullable Item before) {
            require(condition, before);
            return before;
        }
    }

    private static void require(@Nullable Condition condition, @Nullable Item before) {
        if (condition != null && !condition.holds(before))
            throw KvRefusedException.conditionFailed(before);
    }
}
