package io.cairn.object.internal.engine;

import io.cairn.object.DeleteOutcome;
import io.cairn.object.Deletion;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.Versioning;
import io.cairn.object.internal.engine.Shared.Change;
import io.cairn.object.internal.engine.VersionChain.Removal;
import io.cairn.object.internal.row.MarkerRow;
import io.cairn.replication.Batch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Evaluates a batch of deletions, one after the other, into one change.
final class Deletions {
    /// Deleting objects of very many parts makes large batches: beyond this the rest is refused as overload, to be asked again.
    private static final int MAX_BATCH_BYTES = Batch.MAX_BYTES / 4;

    private final Shared shared;
    private final Versioning versioning;
    private final Batch batch = new Batch();
    private final LinkedHashMap<ByteBuffer, VersionChain> chains = new LinkedHashMap<>();

    /// A deletion that is asked for.
    ///
    /// @param key in the space of newest versions; null when it is refused
    /// @param refused why it is not even tried, else null
    record Wanted(Deletion deletion, byte @Nullable [] key, DeleteOutcome.@Nullable Refused refused) {}

    Deletions(Shared shared, Versioning versioning) {
        this.shared = shared;
        this.versioning = versioning;
    }

    /// Under the latches of all keys.
    Change<List<DeleteOutcome>> evaluate(List<Wanted> deletions) {
        var outcomes = new ArrayList<LongFunction<DeleteOutcome>>(deletions.size());
        for (var wanted : deletions)
            outcomes.add(outcome(wanted));
        chains.values().forEach(VersionChain::finish);
        return new Change<>(batch, stamp -> outcomes.stream().map(outcome -> outcome.apply(stamp)).toList());
    }

    private LongFunction<DeleteOutcome> outcome(Wanted wanted) {
        var deletion = wanted.deletion();
        var key = wanted.key();
        var refused = wanted.refused();
        if (key == null || refused != null)
            return _ -> Objects.requireNonNull(refused);
        try {
            if (batch.bytes() > MAX_BATCH_BYTES)
                throw new ObjectRefusedException(Reason.OVERLOADED, "the deletions before this one fill the request; ask again");
            var chain = chains.computeIfAbsent(ByteBuffer.wrap(key), _ -> new VersionChain(shared, versioning, batch, key));
            LogBucket.requireCondition(deletion.key(), chain.newest(), deletion.condition());
            var removal = deletion.versionId().isEmpty() ? chain.delete() : chain.remove(deletion.versionId());
            return stamp -> deleted(deletion, removal, stamp);
        } catch (ObjectRefusedException e) {
            return _ -> refused(deletion, e);
        }
    }

    static DeleteOutcome.Refused refused(Deletion deletion, ObjectRefusedException why) {
        return new DeleteOutcome.Refused(deletion, why.reason(), String.valueOf(why.getMessage()));
    }

    private static DeleteOutcome deleted(Deletion deletion, Removal removal, long stamp) {
        var marker = removal.marker();
        if (marker == null)
            return new DeleteOutcome.Deleted(deletion, removal.existed(), "");
        // One that is written now has no stamp yet.
        var known = marker.stamp() == 0 ? new MarkerRow(stamp, marker.secret()) : marker;
        return new DeleteOutcome.Deleted(deletion, removal.existed(), known.versionId());
    }
}
