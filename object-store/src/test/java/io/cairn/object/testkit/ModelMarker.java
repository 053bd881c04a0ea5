package io.cairn.object.testkit;

import io.cairn.object.ObjectVersion;
import java.time.Instant;

/// The mark of a deletion.
record ModelMarker(long stamp, String key, String versionId, Instant lastModified) implements ModelVersion {
    @Override
    public ObjectVersion listed(boolean latest) {
        return new ObjectVersion.DeleteMarker(key, versionId, latest, lastModified);
    }
}
