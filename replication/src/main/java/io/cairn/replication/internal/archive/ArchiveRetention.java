package io.cairn.replication.internal.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Deletes what no instant from a given one on needs: checkpoints before the newest that is at or before it, and what only they or the
/// segments before them name. Manifests go first and for good, oldest first, then what nothing names any more: cut off anywhere, what is
/// left can still be restored, and the next run finishes.
///
/// Only whoever writes the timeline runs this, between two puts: a blob that no manifest names yet would be taken.
public final class ArchiveRetention {
    private ArchiveRetention() {}

    /// @param oldestStamp the oldest instant that must stay restorable, microseconds
    /// @return how many blobs were deleted
    public static int run(Timeline timeline, long oldestStamp) throws IOException {
        var checkpoints = new ArrayList<CheckpointManifest>();
        for (long sequence : timeline.sequences(Timeline.CHECKPOINTS))
            checkpoints.add(timeline.checkpoint(sequence));
        int base = 0;
        while (base + 1 < checkpoints.size() && checkpoints.get(base + 1).stamp() <= oldestStamp)
            base++;
        if (base == 0)
            return 0;
        var kept = checkpoints.subList(base, checkpoints.size());
        var sequences = timeline.sequences(Timeline.SEGMENTS);
        var needed = new HashSet<String>();
        for (var checkpoint : kept)
            for (var file : checkpoint.files())
                names(file.pieces(), needed);
        int first = needed(timeline, sequences, kept.getFirst().file(), needed);
        var manifests = new ArrayList<String>();
        for (var checkpoint : checkpoints.subList(0, base))
            manifests.add(Timeline.CHECKPOINTS + Timeline.digits(checkpoint.sequence()));
        timeline.delete(manifests);
        var segments = new ArrayList<String>();
        for (long sequence : sequences.subList(0, first))
            segments.add(Timeline.SEGMENTS + Timeline.digits(sequence));
        timeline.delete(segments);
        int deleted = manifests.size() + segments.size();
        for (var kind : List.of(Timeline.LOG, Timeline.EXTENTS, Timeline.FILES)) {
            var unneeded = new ArrayList<>(timeline.list(kind));
            unneeded.removeIf(needed::contains);
            timeline.delete(unneeded);
            deleted += unneeded.size();
        }
        return deleted;
    }

    /// Adds what the segments from log file `file` on name, and returns which of `sequences` is the first of them.
    private static int needed(Timeline timeline, List<Long> sequences, long file, Set<String> needed) throws IOException {
        for (int i = sequences.size() - 1; i >= 0; i--) {
            var segment = timeline.segment(sequences.get(i));
            if (segment.file() < file)
                return i + 1;
            needed.add(segment.log().name());
            names(segment.extents(), needed);
        }
        return 0;
    }

    private static void names(List<BlobRef> blobs, Set<String> into) {
        for (var blob : blobs)
            into.add(blob.name());
    }
}
