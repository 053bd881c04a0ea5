package io.cairn.object.internal.engine;

import io.cairn.object.DeleteOutcome;
import io.cairn.object.Deletion;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.PutCondition;
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
import java.util.function.Function;
import java.util.function.LongFunction;

/// Evaluates a batch of deletions, one after the other, into one change.
final class Deletions {
    /// Deleting objects of very many parts makes large batches: beyond this the rest is refused as overload, to be asked again.
    private static final int MAX_BATCH_BYTES = Batch.MAX_BYTES / 4;

    private final Shared shared;
    private final Versioning versioning;
    private final Function<String, byte[]> keyOf;
    private final Batch batch = new Batch();
    private final LinkedHashMap<ByteBuffer, VersionChain> chains = new LinkedHashMap<>();

    /// @param keyOf a key in the space of newest versions, or a refusal
    Deletions(Shared shared, Versioning versioning, Function<String, byte[]> keyOf) {
        this.shared = shared;
        this.versioning = versioning;
        this.keyOf = keyOf;
    }

    /// Under the latches of all keys that may be ones.
    Change<List<DeleteOutcome>> evaluate(List<Deletion> deletions) {
        var outcomes = new ArrayList<LongFunction<DeleteOutcome>>(deletions.size());
        for (var deletion : deletions)
            outcomes.add(outcome(deletion));
        chains.values().forEach(VersionChain::finish);
        return new Change<>(batch, stamp -> outcomes.stream().map(outcome -> outcome.apply(stamp)).toList());
    }

    private LongFunction<DeleteOutcome> outcome(Deletion deletion) {
        try {
            var key = keyOf.apply(deletion.key());
            Lookup.requireValid(deletion.versionId());
            if (batch.bytes() > MAX_BATCH_BYTES)
                throw new ObjectRefusedException(Reason.OVERLOADED, "the deletions before this one fill the request; ask again");
            var chain = chains.computeIfAbsent(ByteBuffer.wrap(key), _ -> new VersionChain(shared, versioning, batch, key));
            if (deletion.condition() instanceof PutCondition.IfAbsent)
                throw new ObjectRefusedException(Reason.INVALID_ARGUMENT, "what is absent cannot be deleted");
            LogBucket.requireCondition(deletion.key(), chain.newest(), deletion.condition());
            var removal = deletion.versionId().isEmpty() ? chain.delete() : chain.remove(deletion.versionId());
            return stamp -> deleted(deletion, removal, stamp);
        } catch (ObjectRefusedException e) {
            return _ -> new DeleteOutcome.Refused(deletion, e.reason(), String.valueOf(e.getMessage()));
        }
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
