package io.cairn.replication;

import io.cairn.replication.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The directory of one engine: `FORMAT` says what it holds, `LOCK` keeps a second process out, `0`, `1`, ... are its groups.
public final class EngineDirectory implements AutoCloseable {
    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;

    private EngineDirectory(Path directory, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Locks the directory, and makes it when it is missing or empty. [StoreFailedException] says who holds it, or that it holds something
    /// else or something newer: then nothing was touched.
    ///
    /// @param version of the engine's own formats
    public static EngineDirectory open(Path directory, Engine engine, int version) {
        try {
            Files.createDirectories(directory);
            return locked(directory, StandardOpenOption.CREATE, lockFile -> {
                lockFile.truncate(0);
                lockFile.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                checkFormat(directory, engine, version);
            });
        } catch (IOException e) {
            throw new StoreFailedException("cannot open " + directory + ": " + e, e);
        }
    }

    /// Locks a directory to look at it, and writes nothing: not who holds it either. [StoreFailedException] when it is in use, missing,
    /// or holds something else.
    public static EngineDirectory inspect(Path directory, Engine engine, int version) {
        if (!Files.isRegularFile(directory.resolve("LOCK")))
            throw new StoreFailedException(directory + " holds no store: it has no LOCK", null);
        try {
            return locked(directory, StandardOpenOption.READ, _ -> {
                if (!Files.exists(directory.resolve("FORMAT")))
                    throw new StoreFailedException(directory + ": FORMAT is missing", null);
                checkFormat(directory, engine, version);
            });
        } catch (IOException e) {
            throw new StoreFailedException("cannot open " + directory + ": " + e, e);
        }
    }

    /// What is done under the lock before the directory is believed.
    private interface Begin { void accept(FileChannel lockFile) throws IOException; }

    private static EngineDirectory locked(Path directory, StandardOpenOption more, Begin begin) throws IOException {
        var name = directory.resolve("LOCK");
        var lockFile = FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE, more);
        try {
            var lock = tryLock(lockFile);
            if (lock == null)
                throw new StoreFailedException("%s is in use by process %s; stop it first".formatted(directory,
                        Files.readString(name).strip()), null);
            begin.accept(lockFile);
            return new EngineDirectory(directory, lockFile, lock);
        } catch (Throwable e) {
            lockFile.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // by this process
        }
    }

    private static void checkFormat(Path directory, Engine engine, int version) throws IOException {
        var format = directory.resolve("FORMAT");
        var expected = text(engine, version);
        if (!Files.exists(format)) {
            try (var entries = Files.newDirectoryStream(directory)) {
                for (var entry : entries)
                    if (!entry.getFileName().toString().matches("LOCK|FORMAT\\.new"))
                        throw new FileAlreadyExistsException(entry + ": the directory has files but no FORMAT");
            }
            writeFormat(directory, expected);
            return;
        }
        var found = new String(Files.readAllBytes(format), StandardCharsets.ISO_8859_1); // whatever is in it
        if (found.equals(expected))
            return;
        throw new StoreFailedException("%s holds '%s'; this program opens '%s'. Open it with the program that wrote it"
                .formatted(directory, found.strip(), expected.strip()), null);
    }

    private static String text(Engine engine, int version) {
        return "cairn " + engine.name() + " " + version + "\n";
    }

    /// Says what a directory holds whose groups are whole. Durable when it returns, with the directory's own name.
    static void writeFormat(Path directory, Engine engine, int version) throws IOException {
        writeFormat(directory, text(engine, version));
    }

    private static void writeFormat(Path directory, String expected) throws IOException {
        var format = directory.resolve("FORMAT");
        var fresh = directory.resolve("FORMAT.new");
        try (var file = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(expected.getBytes(StandardCharsets.US_ASCII)));
            file.force(true);
        }
        Files.move(fresh, format, StandardCopyOption.ATOMIC_MOVE);
        Disk.of(directory).sync();
        var parent = directory.toAbsolutePath().getParent();
        if (parent != null)
            Disk.of(parent).sync();
    }

    /// Where a group's log and store lie.
    public Path group(int number) {
        return directory.resolve(Integer.toString(number));
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new StoreFailedException("cannot unlock " + directory, e);
        }
    }
}
