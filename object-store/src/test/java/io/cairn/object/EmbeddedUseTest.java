package io.cairn.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program does to an embedded store that the store must bear.
final class EmbeddedUseTest {
    @TempDir
    Path directory;

    @Test
    void anInterruptedReaderCostsNobodyElseAnObject() {
        try (var store = ObjectStore.open(directory)) {
            var bucket = store.createBucket("bucket");
            bucket.put("one", new byte[100_000]);
            bucket.put("two", new byte[50_000]);
            Thread.currentThread().interrupt();
            try (var object = bucket.get("one")) {
                object.readAllBytes();
            } catch (RuntimeException e) {
                // the interrupted thread may well be refused
            } finally {
                assertTrue(Thread.interrupted());
            }
            try (var object = bucket.get("two")) { // another object, which lies in the same log file
                assertEquals(50_000, object.readAllBytes().length);
            }
        }
    }

    @Test
    void moreObjectsAreReadAtOnceThanFilesAreKeptOpen() throws IOException {
        try (var store = ObjectStore.open(directory)) {
            var bucket = store.createBucket("bucket");
            var open = new ArrayList<StoredObject>();
            try {
                for (int i = 0; i < 258; i++) {
                    bucket.put("key" + i, new byte[300_000]);
                    var object = bucket.get("key" + i);
                    open.add(object);
                    assertEquals(0, object.stream(0, 300_000).read());
                }
            } finally {
                open.forEach(StoredObject::close);
            }
        }
    }

    @Test
    void deletedBytesComeBackWhileTheStoreIsOpen() throws Exception {
        try (var store = ObjectStore.open(directory)) {
            var bucket = store.createBucket("bucket");
            for (int i = 0; i < 40; i++) // 320 MB written, more than twice what is logged between two flushes
                bucket.put("key", new byte[8 << 20]);
            bucket.delete("key");
            for (int i = 0; i < 100 && bytesOf(directory.resolve("0/extents")) > 0; i++)
                Thread.sleep(50);
            assertTrue(bytesOf(directory.resolve("0/extents")) < 128 << 20,
                    "deleted objects still hold " + bytesOf(directory.resolve("0/extents")) + " bytes");
        }
    }

    @Test
    void extentsWithoutStoreAndLogAreNotTakenForRubbish() throws IOException {
        try (var store = ObjectStore.open(directory)) {
            store.createBucket("bucket").put("key", new byte[300_000]);
        }
        remove(directory.resolve("0/db"));
        remove(directory.resolve("0/log"));
        assertThrows(RuntimeException.class, () -> ObjectStore.open(directory).close());
        assertTrue(bytesOf(directory.resolve("0/extents")) > 0, "the object's bytes were deleted");
    }

    @Test
    void closingFromAnInterruptedThreadWaitsForTheCommitter() throws Exception {
        var store = ObjectStore.open(directory);
        var bucket = store.createBucket("bucket");
        var writer = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0;; i++)
                    bucket.put("key" + i % 100, new byte[5000]);
            } catch (RuntimeException e) {
                // the store is closed
            }
        });
        Thread.sleep(200);
        Thread.currentThread().interrupt();
        store.close();
        assertTrue(Thread.interrupted());
        var left = Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(n -> n.startsWith("cairn-"))
                .toList();
        writer.join();
        assertTrue(left.isEmpty(), "still running after close(), on a store that was freed: " + left);
    }

    private static long bytesOf(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void remove(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @org.jspecify.annotations.Nullable IOException failure)
                    throws IOException {
                Files.delete(Objects.requireNonNull(done));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
