package io.cairn.kv.testkit;

import io.cairn.kv.Item;
import io.cairn.kv.Value;
import io.cairn.replication.testkit.TimedCall.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one client did to one item and what it was told, as a step of a register that holds what the item says, or [State#NONE].
sealed interface ItemCall extends Effect<ItemCall.State> {
    /// @param text of the last put
    /// @param count what was added since
    record State(String text, long count) {
        static final State NONE = new State("none", -1);

        static State of(@Nullable Item item) {
            if (item == null)
                return NONE;
            return new State(item.get("v") instanceof Value.S(var text) ? text : "",
                    item.get("n") instanceof Value.N(var number) ? number.longValueExact() : 0);
        }

        Item item(Item key) {
            var values = key.toMap();
            return Item.of(Map.of("p", values.get("p"), "v", Value.s(text), "n", Value.n(count)));
        }
    }

    /// What a write asks of the item first.
    sealed interface Guard {
        boolean holds(State state);

        record Always() implements Guard {
            @Override
            public boolean holds(State state) {
                return true;
            }
        }

        record Absent() implements Guard {
            @Override
            public boolean holds(State state) {
                return state.equals(State.NONE);
            }
        }

        record Says(String text) implements Guard {
            @Override
            public boolean holds(State state) {
                return !state.equals(State.NONE) && !text.isEmpty() && state.text().equals(text); // what was only added to has no text
            }
        }
    }

    record Read(State answered) implements ItemCall {
        @Override
        public @Nullable State after(State state) {
            return answered.equals(state) ? state : null;
        }
    }

    /// @param written [State#NONE] for a deletion
    /// @param done whether the guard was said to hold
    /// @param before what the answer said was there
    record Write(State written, Guard guard, boolean done, State before) implements ItemCall {
        @Override
        public @Nullable State after(State state) {
            if (!before.equals(state) || done != guard.holds(state))
                return null;
            return done ? written : state;
        }
    }

    /// Adds one; to nothing too.
    record Add(State before, State after) implements ItemCall {
        @Override
        public @Nullable State after(State state) {
            var right = state.equals(State.NONE) ? new State("", 1) : new State(state.text(), state.count() + 1);
            return before.equals(state) && after.equals(right) ? right : null;
        }
    }
}
