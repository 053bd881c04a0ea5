package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.Space;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.testkit.ForwardingDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fails is told to everybody who waits for it.
final class FailedDiskTest {
    enum Rows implements Space {
        ONLY
    }

    @TempDir
    Path directory;

    @Test
    void aReadThatWaitsHearsOfADiskThatFails() {
        var full = new AtomicBoolean();
        var group = new Group(Engine.TEST, 0, List.of(Rows.values()));
        try (var log = LocalLog.open(directory, group, LogOptions.DEFAULT.withDisks(path -> new FullDisk(Disk.of(path), full)),
                CommitListener.NONE)) {
            var read = log.readPoint(new ReadLevel.Local(2));
            full.set(true);
            assertThrows(CompletionException.class,
                    () -> log.propose(new Batch().put(Rows.ONLY, new byte[1], new byte[1])).done().join());
            assertThrows(ExecutionException.class, () -> read.get(5, TimeUnit.SECONDS));
        }
    }

    private static final class FullDisk extends ForwardingDisk {
        private final AtomicBoolean full;

        FullDisk(Disk disk, AtomicBoolean full) {
            super(disk);
            this.full = full;
        }

        @Override
        protected boolean before(Change change) throws IOException {
            if (full.get() && change == Change.SYNC_FILE)
                throw new IOException("No space left on device");
            return true;
        }
    }
}
