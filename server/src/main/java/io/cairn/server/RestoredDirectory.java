package io.cairn.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/// A data directory that is built from an archive. It grows beside its place, as `DIR.restoring`, which has no `FORMAT`, so no server opens
/// it; it gets its name when all engines are whole. One that a killed run left is begun anew.
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
        Files.createDirectories(work);
        try (var lock = FileChannel.open(work.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!locked(lock))
                throw new ServerStartException(work + " is in use: another restore runs there");
            clear(work);
            engines.restore(work);
            // Last: what has it is whole.
            DataDirectory.checkFormat(work.resolve("FORMAT"));
            requireFree(into);
            Files.deleteIfExists(into);
            Files.move(work, into, StandardCopyOption.ATOMIC_MOVE);
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

    private static void clear(Path work) throws IOException {
        try (var paths = Files.walk(work)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                if (!path.equals(work) && !path.equals(work.resolve("LOCK")))
                    Files.delete(path);
        }
    }
}
