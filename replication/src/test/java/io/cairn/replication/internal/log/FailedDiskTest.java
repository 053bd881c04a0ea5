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
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
        try (var log = LocalLog.open(directory, group, LogOptions.DEFAULT.withDisks(path -> failing(Disk.of(path), full)),
                CommitListener.NONE)) {
            var read = log.readPoint(new ReadLevel.Local(2));
            full.set(true);
            assertThrows(CompletionException.class,
                    () -> log.propose(new Batch().put(Rows.ONLY, new byte[1], new byte[1])).done().join());
            assertThrows(ExecutionException.class, () -> read.get(5, TimeUnit.SECONDS));
        }
    }

    private static Disk failing(Disk disk, AtomicBoolean full) {
        return (Disk) Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[]{Disk.class}, (_, method, arguments) -> {
            try {
                var result = method.invoke(disk, arguments);
                return result instanceof DiskFile file ? failing(file, full) : result;
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        });
    }

    private static DiskFile failing(DiskFile file, AtomicBoolean full) {
        return (DiskFile) Proxy.newProxyInstance(DiskFile.class.getClassLoader(), new Class<?>[]{DiskFile.class},
                (_, method, arguments) -> {
                    if (full.get() && method.getName().equals("sync"))
                        throw new IOException("No space left on device");
                    try {
                        return method.invoke(file, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }
}
