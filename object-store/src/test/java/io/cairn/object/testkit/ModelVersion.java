package io.cairn.object.testkit;

import io.cairn.object.ObjectVersion;

/// One version of a key of the model: an object, or the mark of a deletion.
sealed interface ModelVersion permits ModelObject, ModelMarker {
    /// One more than that of the version written before, whatever its key.
    long stamp();

    String versionId();

    ObjectVersion listed(boolean latest);
}
