package io.cairn.replication.internal.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a directory as an archive keeps, refuses and passes over.
final class DirectoryArchiveTest {
    @TempDir
    Path directory;

    private static void put(DirectoryArchive archive, String name, byte[] bytes) throws IOException {
        archive.put(name, bytes.length, new ByteArrayInputStream(bytes));
    }

    @Test
    void aBlobIsPutOnceAndListedInOrder() throws IOException {
        var archive = new DirectoryArchive(directory.resolve("archive"));
        assertEquals(List.of(), archive.list(""));
        put(archive, "0/b/2", new byte[]{2});
        put(archive, "0/b/1", new byte[]{1});
        put(archive, "0/a", new byte[0]);
        assertThrows(FileAlreadyExistsException.class, () -> put(archive, "0/b/1", new byte[]{3}));
        assertEquals(List.of("0/a", "0/b/1", "0/b/2"), archive.list(""));
        assertEquals(List.of("0/b/1", "0/b/2"), archive.list("0/b/"));
        try (var blob = archive.get("0/b/1")) {
            assertArrayEquals(new byte[]{1}, blob.readAllBytes());
        }
        archive.delete(List.of("0/b/1", "0/b/none"));
        assertThrows(NoSuchFileException.class, () -> archive.get("0/b/1"));
    }

    @Test
    void aContentOfAnotherLengthLeavesNothing() throws IOException {
        var archive = new DirectoryArchive(directory);
        assertThrows(IOException.class, () -> archive.put("0/a", 3, new ByteArrayInputStream(new byte[2])));
        assertEquals(List.of(), archive.list(""));
        try (var left = Files.list(directory.resolve("0"))) {
            assertEquals(0, left.count());
        }
    }

    /// A kill leaves part of a blob, or, between its name and the end, a second name of it.
    @Test
    void whatAKillLeftIsDiscarded() throws IOException {
        var archive = new DirectoryArchive(directory);
        put(archive, "0/a/1", new byte[]{1});
        put(archive, "1/a/1", new byte[]{1});
        Files.createLink(directory.resolve("0/a/.1.new"), directory.resolve("0/a/1"));
        Files.write(directory.resolve("0/a/.2.new"), new byte[1000]);
        Files.write(directory.resolve("1/a/.2.new"), new byte[1000]);
        archive.discardUnfinished("0/");
        archive.discardUnfinished("none/");
        assertFalse(Files.exists(directory.resolve("0/a/.1.new")), "a second name");
        assertFalse(Files.exists(directory.resolve("0/a/.2.new")), "part of a blob");
        assertTrue(Files.exists(directory.resolve("1/a/.2.new")), "somebody else's");
        put(archive, "0/a/2", new byte[]{2});
        assertEquals(List.of("0/a/1", "0/a/2"), archive.list("0/"));
        try (var blob = archive.get("0/a/1")) {
            assertArrayEquals(new byte[]{1}, blob.readAllBytes());
        }
    }

    /// That exception says that a blob is there, which whoever puts an extent file believes.
    @Test
    void aFileWhereADirectoryShouldBeIsNoBlobThatIsThere() throws IOException {
        Files.writeString(directory.resolve("archive"), "a file");
        var archive = new DirectoryArchive(directory.resolve("archive"));
        var refused = assertThrows(IOException.class, () -> put(archive, "0/a", new byte[1]));
        assertFalse(refused instanceof FileAlreadyExistsException, refused::toString);
        assertTrue(String.valueOf(refused.getMessage()).contains("no directory"), refused::toString);
    }

    /// A server puts blobs while a restore lists them.
    @Test
    void aFileThatGoesDuringAListingIsPassedOver() throws Exception {
        var archive = new DirectoryArchive(directory);
        put(archive, "0/a", new byte[1]);
        var ended = new AtomicBoolean();
        var writer = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; !ended.get(); i++)
                    Files.delete(Files.createFile(directory.resolve("0/." + i % 50 + ".new")));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            for (int i = 0; i < 3000; i++)
                assertEquals(List.of("0/a"), archive.list(""));
        } finally {
            ended.set(true);
            writer.join();
        }
    }
}
