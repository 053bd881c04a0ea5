package io.cairn.object;

import java.time.Instant;

/// One version as a listing of versions tells it.
public sealed interface ObjectVersion {
    String key();

    String versionId();

    /// Whether it is the key's newest.
    boolean latest();

    Instant lastModified();

    /// A version with bytes.
    record Stored(ObjectInfo info, boolean latest) implements ObjectVersion {
        @Override
        public String key() {
            return info.key();
        }

        @Override
        public String versionId() {
            return info.versionId();
        }

        @Override
        public Instant lastModified() {
            return info.lastModified();
        }
    }

    /// The mark of a deletion.
    record DeleteMarker(String key, String versionId, boolean latest, Instant lastModified) implements ObjectVersion {}
}
