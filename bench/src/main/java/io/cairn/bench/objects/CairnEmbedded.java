package io.cairn.bench.objects;

import io.cairn.bench.score.Entrant;
import io.cairn.object.Bucket;
import io.cairn.object.ObjectStore;
import java.nio.file.Path;

/// The object store as a library.
final class CairnEmbedded implements EmbeddedStore {
    static final String NAME = "Cairn embedded";
    private final ObjectStore store;
    private final Bucket bucket;

    CairnEmbedded(Path directory) {
        store = ObjectStore.open(directory);
        bucket = store.createBucket("bench");
    }

    @Override
    public Entrant entrant() {
        return new Entrant(NAME, "of this checkout", "every put is on disk (fdatasync) before it returns",
                "ObjectStore.open(directory)");
    }

    @Override
    public void put(String key, byte[] body) {
        bucket.put(key, body);
    }

    @Override
    public byte[] get(String key) {
        try (var object = bucket.get(key)) {
            return object.readAllBytes();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
