package io.cairn.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A data directory that is built from an archive. It grows beside its place, as `DIR.restoring`, which has no `FORMAT`, so no server opens
/// it; it gets its name when all engines are whole. A run that fails takes away what it made; one that was killed leaves it, and the next run
/// begins it anew.
public final class RestoredDirectory {
    private RestoredDirectory() {}

    /// Puts engines into the directory that it is given. May throw what it likes: then nothing gets the name.
    @FunctionalInterface
    public interface Engines { void restore(Path data) throws IOException; }

    /// @param into must not exist, or be empty
    /// @throws ServerStartException when it is not so, or another process restores there
    public static void build(Path into, Engines engines) throws IOException, ServerStartException {
        requireFree(into);
        var work = into.toAbsolutePath().resolveSibling(into.getFileName() + ".restoring");
        var absent = absent(work);
        Files.createDirectories(work);
        try (var lock = FileChannel.open(work.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!locked(lock))
                throw new ServerStartException(work + " is in use: another restore runs there");
            clear(work);
            try {
                engines.restore(work);
                // Last: what has it is whole.
                DataDirectory.checkFormat(work.resolve("FORMAT"));
                requireFree(into);
                Files.deleteIfExists(into);
                Files.move(work, into, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | ServerStartException | RuntimeException e) {
                remove(work, absent, e);
                throw e;
            }
            try (var parent = FileChannel.open(into.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
                parent.force(true);
            }
        }
    }

    private static void requireFree(Path into) throws IOException, ServerStartException {
        if (!Files.exists(into))
            return;
        if (Files.isDirectory(into))
            try (var entries = Files.newDirectoryStream(into)) {
                if (!entries.iterator().hasNext())
                    return;
            }
        throw new ServerStartException(
                into + " exists; a restore never writes over anything: name another directory with --into");
    }

    private static boolean locked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /// `work` and the directories above it that are not there yet, the deepest first.
    private static List<Path> absent(Path work) {
        var absent = new ArrayList<Path>();
        for (Path at = work; at != null && !Files.exists(at); at = at.getParent())
            absent.add(at);
        return absent;
    }

    /// The reason of the failure is what the caller hears, whatever becomes of this.
    private static void remove(Path work, List<Path> made, Exception failure) {
        try {
            clear(work);
            Files.deleteIfExists(work.resolve("LOCK"));
            Files.deleteIfExists(work);
            for (var directory : made)
                Files.deleteIfExists(directory);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void clear(Path work) throws IOException {
        try (var paths = Files.walk(work)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                if (!path.equals(work) && !path.equals(work.resolve("LOCK")))
                    Files.delete(path);
        }
    }
}
