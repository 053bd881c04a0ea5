package io.cairn.object.internal.engine;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.StoredObject;
import io.cairn.object.internal.content.ContentReader;
import io.cairn.object.internal.content.ContentReader.Origin;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.VersionRow;
import org.jspecify.annotations.Nullable;

/// Whether a copy can take over its source's content, and what it does when not.
final class Copies {
    private Copies() {}

    /// The row whose content a copy may name, or null when its bytes must be read and written: when it lies in another store, or a checksum
    /// is wanted that is not known.
    static @Nullable Origin origin(Shared shared, StoredObject source, @Nullable ChecksumAlgorithm wanted, ChecksumType type) {
        if (!(source instanceof ContentReader reader) || !reader.origin().log().equals(shared.log()))
            return null;
        var row = reader.origin().row();
        var known = row.checksum();
        // What was written at once has its checksum in full-object form, whatever is said of parts.
        boolean knowsWanted = wanted == null
                || known != null && known.algorithm() == wanted && (row.partCount() == 0 || known.type() == type);
        return knowsWanted ? reader.origin() : null;
    }

    /// Under the latch of its key: the row as it stands now. The one that was opened is not enough: its bytes may have been moved since,
    /// and what it names given back. [Reason#CONFLICT] when it is gone.
    static ObjectRow standing(Shared shared, Origin origin) {
        var row = shared.store().get(ObjectSpace.CURRENT, origin.key());
        long stamp = origin.row().stamp();
        if (row != null) {
            var newest = ObjectRow.decode(row);
            if (newest.stamp() == stamp)
                return newest;
        }
        var older = shared.store().get(ObjectSpace.VERSIONS, ObjectKeys.version(origin.key(), stamp));
        if (older != null && VersionRow.decode(older) instanceof ObjectRow object)
            return object;
        throw new ObjectRefusedException(Reason.CONFLICT, "what was to be copied was deleted meanwhile; try again");
    }
}
