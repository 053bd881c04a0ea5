package io.cairn.replication.internal.batch;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.LogReader.Operation;
import java.util.ArrayList;
import java.util.List;

/// What a batch says of extents: those that it names and those that it gives up.
///
/// @param added named whole
/// @param dropped given up whole
/// @param divided named, to be given up in pieces
/// @param pieces given up of divided extents: home, file and length count
public record NamedExtents(List<Extent> added, List<Extent> dropped, List<Extent> divided, List<Extent> pieces) {
    public NamedExtents() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    public static NamedExtents of(Batch.Sealed batch) {
        return new NamedExtents(batch.added(), batch.dropped(), batch.divided(), batch.pieces());
    }

    /// Takes in what an operation says of extents, which may be nothing.
    public void take(Operation operation) {
        switch (operation) {
            case Operation.AddExtent(var extent, var divide) -> (divide ? divided : added).add(extent);
            case Operation.DropExtent(var extent) -> dropped.add(extent);
            case Operation.DropPieces(var home, var file, var bytes) -> pieces.add(new Extent(home, file, 0, bytes));
            case Operation.Put _,Operation.Delete _,Operation.DeleteRange _,Operation.Note _ -> {
                // nothing of extents
            }
        }
    }
}
