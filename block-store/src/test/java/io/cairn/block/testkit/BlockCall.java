package io.cairn.block.testkit;

import io.cairn.replication.testkit.TimedCall.Effect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a call does to one block, or has seen of it. A block is a row of cells, each with the tag that was written to all of its bytes; 0 is zeros.
sealed interface BlockCall extends Effect<List<Integer>> {
    /// Where cells begin: in whole sectors, and a byte beside them.
    List<Integer> CELLS = List.of(0, 1, 512, 1023, 2048, 2049, 4000, 4095);
    List<Integer> ZEROS = Collections.nCopies(CELLS.size(), 0);

    /// Cells `[from, to)` get the tag.
    record Write(int from, int to, int tag) implements BlockCall {
        @Override
        public List<Integer> after(List<Integer> cells) {
            var changed = new ArrayList<>(cells);
            Collections.fill(changed.subList(from, to), tag);
            return List.copyOf(changed);
        }
    }

    /// Cells from `from` on were seen.
    record Read(int from, List<Integer> seen) implements BlockCall {
        @Override
        public @Nullable List<Integer> after(List<Integer> cells) {
            return cells.subList(from, from + seen.size()).equals(seen) ? cells : null;
        }
    }
}
