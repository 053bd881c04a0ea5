package io.cairn.object.internal.engine;

import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.testkit.ArchiveContract;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.ReadPoint;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.internal.log.LocalLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalLong;
import org.junit.jupiter.api.io.TempDir;

/// The store on its log, archived to a directory.
final class LogArchiveContractTest extends ArchiveContract {
    @TempDir
    Path directory;
    private int opened;

    @Override
    protected Archived open() {
        return new InDirectory(directory.resolve("history-" + opened++), minPartBytes());
    }

    private static final class InDirectory implements Archived {
        private final Path place;
        private final Archive archive;
        private final ObjectStoreOptions options;
        private ObjectStore store;
        private int restores;

        InDirectory(Path place, long minPartBytes) {
            this.place = place;
            this.archive = Archive.directory(place.resolve("archive"));
            this.options = new ObjectStoreOptions(LogOptions.DEFAULT.withFileBytes(256 << 10).withFlushBytes(1 << 20),
                    minPartBytes)
                    .withArchive(ArchiveOptions.to(archive).withInterval(Duration.ofMillis(50)).withSegmentBytes(64 << 10)
                            .withCheckpoints(1 << 20, Duration.ofDays(1)));
            this.store = ObjectStore.open(place.resolve("data"), options);
            archive(); // so that its first base checkpoint comes before the history
        }

        @Override
        public ObjectStore store() {
            return store;
        }

        private LocalLog log() {
            if (store instanceof LogObjectStore running && running.log() instanceof LocalLog log)
                return log;
            throw new IllegalStateException("another kind of store");
        }

        @Override
        public ObjectStore reopen(boolean crash) {
            if (crash)
                log().crash();
            store.close();
            store = ObjectStore.open(place.resolve("data"), options);
            return store;
        }

        @Override
        public ReadPoint newest() {
            return log().readPoint(new ReadLevel.Linearizable()).join();
        }

        @Override
        public void archive() {
            log().archiveNow();
        }

        @Override
        public long[] window() {
            var windows = Restore.windows(archive, ObjectSpace.group(0));
            if (windows.size() != 1)
                throw new AssertionError("not one timeline: " + windows);
            return new long[]{windows.getFirst().from(), windows.getFirst().to()};
        }

        @Override
        public ObjectStore restored(long stamp) {
            var into = fresh(place, ++restores);
            ObjectStore.restore(archive, new Target.At(stamp), OptionalLong.empty(), into);
            return ObjectStore.open(into, new ObjectStoreOptions(LogOptions.DEFAULT.withFileBytes(256 << 10), 1));
        }

        @Override
        public void close() {
            store.close();
            try (var paths = Files.walk(place)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                    Files.delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
