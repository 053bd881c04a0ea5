package io.cairn.server.nbd;

import io.cairn.block.Difference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which exports there are, asked at each connection. Any thread; quick.
public interface Exports {
    /// The export of this name; null for none, or when more than one goes by it.
    @Nullable
    Export find(String name);

    /// Names of all.
    List<String> names();

    /// Snapshots of the same volume as the export's, as they are now.
    Siblings siblings(Export export);

    /// Snapshots of one volume.
    interface Siblings {
        /// The names under which [#changesSince] knows them.
        List<String> names();

        /// Where the export may differ from a snapshot of whatever volume, which goes by its id, or by a name among [#names]; null for none.
        @Nullable
        Changes changesSince(String snapshot);
    }

    /// Where two devices may differ.
    @FunctionalInterface
    interface Changes {
        /// Runs as [io.cairn.block.BlockStore#changes] gives them. Blocks while the block map is read. `io.cairn.block.BlockRefusedException` when one of the
        /// two is gone.
        List<Difference> between(long offset, long length, int maxRuns);
    }
}
