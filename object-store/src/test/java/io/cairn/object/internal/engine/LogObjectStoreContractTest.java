package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.object.testkit.ObjectStoreContract;
import io.cairn.replication.Damage;
import io.cairn.replication.LogOptions;
import io.cairn.replication.internal.log.LocalLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.AfterEach;

/// The contract on real files: every crash drops what was not synced to the log and all that RocksDB had only in memory.
class LogObjectStoreContractTest extends ObjectStoreContract {
    private static final long MIN_PART_BYTES = 1030;
    private static final ObjectStoreOptions OPTIONS = new ObjectStoreOptions(LogOptions.DEFAULT.withFileBytes(1 << 20),
            MIN_PART_BYTES);
    private final Map<ObjectStore, Path> directories = new ConcurrentHashMap<>();
    /// Stores lie in it.
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));

    LogObjectStoreContractTest in(Path place) {
        scratch = place;
        return this;
    }

    @Override
    protected ObjectStore open() {
        try {
            return open(Files.createTempDirectory(scratch, "objects"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectStore open(Path directory) {
        var store = ObjectStore.open(directory, options());
        directories.put(store, directory);
        opened(store);
        return store;
    }

    private static void checkSound(Path directory) {
        var damages = new ArrayList<Damage>();
        ObjectStore.check(directory, damages::add);
        assertEquals(List.of(), damages);
    }

    ObjectStoreOptions options() {
        return OPTIONS;
    }

    /// Called with each store before anybody else has it.
    void opened(ObjectStore store) {}

    /// After each history, and after each test.
    @AfterTry
    @AfterEach
    void deleteFiles() throws IOException {
        for (var directory : directories.values())
            try (var paths = Files.walk(directory)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                    Files.delete(path);
            }
        directories.clear();
    }

    @Override
    protected long minPartBytes() {
        return MIN_PART_BYTES;
    }

    @Override
    protected ObjectStore reopen(ObjectStore store) {
        var directory = Objects.requireNonNull(directories.remove(store));
        store.close();
        checkSound(directory);
        return open(directory);
    }

    @Override
    protected ObjectStore crash(ObjectStore store) {
        if (store instanceof LogObjectStore running && running.log() instanceof LocalLog log)
            log.crash();
        return reopen(store);
    }
}
