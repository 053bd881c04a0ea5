package io.cairn.object.internal.engine;

import io.cairn.object.internal.engine.Shared.Change;
import io.cairn.object.internal.row.Content;
import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.ExtentOwner;
import io.cairn.replication.Relocation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes rows name extents that were moved. A content has one row that names it, or several ([References]): all of them are changed in
/// one batch, with the count, under all their latches, and only if they are all there are. What has changed since the walk is left for a
/// later round: a row is found again by its stamp, and what it names must be what was copied. Nothing else in a row changes.
///
/// Memory: the names of what was copied since the last sync, at most [#MAX_PENDING], and what [RowWalk] keeps.
final class ExtentMoves implements ExtentOwner {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentMoves.class);
    private static final int MAX_PENDING = 16_384;
    private static final int MOVES_IN_A_BATCH = 64;
    private final Shared shared;
    private final Faults faults;

    /// A content and all rows that named it when they were seen.
    record Move(Content.Extents from, List<RowName> rows) {}

    private record Copied(Move move, Content.Extents to) {}

    /// What a test plants to see that it is noticed: steps that are left out or come at the wrong time; and where it looks on.
    interface Faults {
        Faults NONE = new Faults() {
        };

        default boolean pointsBeforeSync() {
            return false;
        }

        default boolean forgetsRows() {
            return false;
        }

        /// Whether rows and count still stand, under the latches, as they were seen.
        default boolean mayMove(Shared shared, Move move) {
            return unchanged(shared, move);
        }

        /// Copies are made, no row names one yet.
        default void beforeMoves() {}

        /// Rows name the copies.
        default void afterMoves() {}
    }

    ExtentMoves(Shared shared) {
        this(shared, Faults.NONE);
    }

    ExtentMoves(Shared shared, Faults faults) {
        this.shared = shared;
        this.faults = faults;
    }

    @Override
    public void moveExtents(Relocation relocation) {
        var pending = new Pending(relocation);
        new RowWalk(shared, relocation).walk(pending::add);
        pending.settle();
    }

    static boolean unchanged(Shared shared, Move move) {
        return shared.references().rows(move.from) == move.rows.size()
                && move.rows.stream().allMatch(row -> move.from.equals(row.content(shared)));
    }

    private final class Pending {
        private final Relocation relocation;
        private final List<Copied> copied = new ArrayList<>();

        Pending(Relocation relocation) {
            this.relocation = relocation;
        }

        /// Whether the walk should begin its cursor anew, since time has passed.
        boolean add(Move move) {
            var to = new ArrayList<Extent>(move.from.extents().size());
            for (var extent : move.from.extents()) {
                var copy = relocation.concerns(extent) ? relocation.copy(extent) : extent;
                if (copy == null)
                    return false;
                to.add(copy);
            }
            copied.add(new Copied(move, new Content.Extents(to)));
            if (!relocation.full() && copied.size() < MAX_PENDING)
                return false;
            settle();
            return true;
        }

        void settle() {
            if (relocation.ended() || copied.isEmpty())
                return;
            if (!faults.pointsBeforeSync())
                relocation.sync();
            faults.beforeMoves();
            long bytes = 0;
            for (int from = 0; from < copied.size() && !relocation.ended(); from += MOVES_IN_A_BATCH)
                bytes += repoint(copied.subList(from, Math.min(copied.size(), from + MOVES_IN_A_BATCH)));
            faults.afterMoves();
            if (faults.pointsBeforeSync())
                relocation.sync();
            copied.clear();
            relocation.settled(bytes);
        }
    }

    private long repoint(List<Copied> group) {
        var latches = group.stream().flatMap(copied -> copied.move.rows.stream()).flatMap(row -> row.latches().stream())
                .toArray(byte[][]::new);
        var batch = new Batch(16 << 10);
        try {
            return Shared.await(shared.change(latches, () -> {
                var moved = new HashSet<Extent>();
                for (var copied : group)
                    repoint(copied, batch, moved);
                return new Change<>(batch, _ -> (long) batch.bytes());
            }));
        } catch (RuntimeException e) {
            // Overloaded: these wait for the next round. Failed or closing: so do all others, at once.
            LOG.debug("{} contents stay where they are: {}", group.size(), e.getMessage());
            return 0;
        }
    }

    /// The same content may have been seen twice, since rows move while they are walked: `moved` tells.
    private void repoint(Copied copied, Batch batch, Set<Extent> moved) {
        var move = copied.move;
        if (!faults.mayMove(shared, move) || move.from.extents().stream().anyMatch(moved::contains))
            return;
        for (var row : faults.forgetsRows() ? move.rows.subList(0, 1) : move.rows)
            row.put(shared, batch, copied.to);
        shared.references().move(batch, move.from, copied.to);
        for (int i = 0; i < copied.to.extents().size(); i++) {
            var from = move.from.extents().get(i);
            var to = copied.to.extents().get(i);
            if (Objects.equals(from, to))
                continue;
            moved.add(from);
            batch.addExtent(to);
            batch.dropExtent(from);
        }
    }
}
