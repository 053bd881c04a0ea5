package io.cairn.server;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The server's own files in `DATA`:
///
///     FORMAT          `cairn-server 1`; another first word or a newer number is refused, never touched
///     LOCK            held by the one process that may use the directory; holds its pid
///     endpoints.json  where the server is reached; gone when it stopped in order
final class DataDirectory implements AutoCloseable {
    private static final String FORMAT = "cairn-server 1";
    /// What may stand in a directory without `FORMAT`: a first start that was cut off left these, or, the last, whoever made the file
    /// system.
    private static final Set<String> OF_A_FIRST_START = Set.of("LOCK", "FORMAT.new", "lost+found");
    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /// Locks the directory, and makes it when it is missing or empty.
    ///
    /// @throws ServerStartException when it is no directory, or holds files but no `FORMAT`: it may be somebody else's, or one of ours
    ///     that lost files, and is left as it is; when its format is not ours; when another process uses it
    static DataDirectory open(Path path) throws IOException, ServerStartException {
        requireDirectory(path);
        requireOurs(path);
        Files.createDirectories(path);
        var file = FileChannel.open(path.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try {
            var lock = tryLock(file);
            if (lock == null)
                throw new ServerStartException("data directory " + path + " is in use by process " + holder(file)
                        + "; stop that server or use --data with another directory");
            file.truncate(0);
            file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            checkFormat(path.resolve("FORMAT"));
            return new DataDirectory(path, file, lock);
        } catch (IOException | RuntimeException | ServerStartException e) {
            file.close();
            throw e;
        }
    }

    private static void requireDirectory(Path path) throws ServerStartException {
        var there = path;
        while (there != null && !Files.exists(there))
            there = there.getParent();
        if (there != null && !Files.isDirectory(there))
            throw new ServerStartException(there + " is a file, not a directory; name a data directory with --data");
    }

    private static void requireOurs(Path path) throws IOException, ServerStartException {
        if (!Files.exists(path))
            return;
        String foreign = null;
        try (var entries = Files.newDirectoryStream(path)) {
            for (var entry : entries)
                if (!OF_A_FIRST_START.contains(entry.getFileName().toString()))
                    foreign = entry.getFileName().toString();
        }
        // Looked for last: a server that starts at this moment writes it before anything that is looked for above.
        if (foreign != null && !Files.exists(path.resolve("FORMAT")))
            throw new ServerStartException(
                    path + " holds `" + foreign + "` but no FORMAT: either it is no data directory, then name an"
                            + " empty one with --data, or it lost files, then restore it from a backup; nothing was changed");
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel file) throws IOException {
        var bytes = ByteBuffer.allocate(20);
        file.read(bytes, 0);
        var pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "(unknown)" : pid;
    }

    /// Says that a directory holds a server's data, or checks that it does.
    static void checkFormat(Path file) throws IOException, ServerStartException {
        if (!Files.exists(file)) {
            replace(file, (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII));
            return;
        }
        var found = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!found.equals(FORMAT))
            throw new ServerStartException(file + " says `" + found + "`, this server reads `" + FORMAT
                    + "`; use the release that wrote it, or another --data");
    }

    void writeEndpoints(List<Endpoint> endpoints) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var json = new JsonFactory().createGenerator(out)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            var self = ProcessIdentity.current();
            json.writeNumberField("pid", self.pid());
            json.writeStringField("started", self.started());
            json.writeObjectFieldStart("endpoints");
            for (var endpoint : endpoints) {
                json.writeObjectFieldStart(endpoint.name());
                json.writeStringField("url", endpoint.url());
                json.writeStringField("host", endpoint.host());
                json.writeNumberField("port", endpoint.port());
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        out.write('\n');
        replace(path.resolve("endpoints.json"), out.toByteArray());
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining())
                channel.write(buffer);
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path.resolve("endpoints.json"));
        lock.release();
        lockFile.close();
    }
}
