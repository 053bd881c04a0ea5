package io.cairn.replication.internal.archive;

import io.cairn.replication.Archive;
import io.cairn.replication.disk.Disk;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/// Blobs as files: the parts of a name are directories. A blob is written beside its place (`.name.new`), synced, given its name, and the
/// directory is synced. Two syncs a blob, one more for each directory that is made. A process that is killed meanwhile leaves `.name.new`,
/// part of the blob or a second name of it, until [#discardUnfinished].
public final class DirectoryArchive implements Archive {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+)*");
    private static final Pattern UNFINISHED = Pattern.compile("\\.[a-z0-9-]+\\.new");
    private static final int BUFFER_BYTES = 1 << 18;
    private final Path root;

    public DirectoryArchive(Path root) {
        this.root = root.toAbsolutePath();
    }

    @Override
    public void put(String name, long bytes, InputStream content) throws IOException {
        var target = path(name);
        var directory = parent(target);
        if (Files.exists(target))
            throw new FileAlreadyExistsException(target.toString());
        makeDirectory(directory);
        var fresh = directory.resolve("." + target.getFileName() + ".new");
        try (var file = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            long written = copy(content, file);
            if (written != bytes)
                throw new IOException(name + " has " + written + " bytes, not " + bytes);
            file.force(true);
            giveName(fresh, target);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        Disk.of(directory).sync();
    }

    private static long copy(InputStream content, FileChannel file) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long written = 0;
        for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            for (var rest = ByteBuffer.wrap(buffer, 0, count); rest.hasRemaining();)
                file.write(rest);
            written += count;
        }
        return written;
    }

    /// A hard link never replaces what is there, a rename does; some file systems have only that.
    private static void giveName(Path fresh, Path target) throws IOException {
        try {
            Files.createLink(target, fresh);
        } catch (UnsupportedOperationException e) {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Files.delete(fresh);
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory))
            return;
        // That exception is for blobs that are there.
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS))
            throw new NotDirectoryException(directory + " is no directory");
        makeDirectory(parent(directory));
        Files.createDirectories(directory);
        Disk.of(parent(directory)).sync();
    }

    private static Path parent(Path path) throws IOException {
        var parent = path.getParent();
        if (parent == null)
            throw new IOException(path + " is no place for an archive");
        return parent;
    }

    @Override
    public InputStream get(String name) throws IOException {
        return Files.newInputStream(path(name));
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        var start = start(prefix);
        var names = new ArrayList<String>();
        if (!Files.isDirectory(start))
            return names;
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                var name = root.relativize(file).toString().replace(File.separatorChar, '/');
                if (NAME.matcher(name).matches())
                    names.add(name);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) // it went since its directory was read
                    return FileVisitResult.CONTINUE;
                throw failure;
            }
        });
        Collections.sort(names);
        return names;
    }

    @Override
    public void delete(List<String> names) throws IOException {
        var directories = new LinkedHashSet<Path>();
        for (var name : names)
            if (Files.deleteIfExists(path(name)))
                directories.add(parent(path(name)));
        for (var directory : directories)
            Disk.of(directory).sync();
    }

    @Override
    public void discardUnfinished(String prefix) throws IOException {
        var start = start(prefix);
        if (!Files.isDirectory(start))
            return;
        try (var files = Files.walk(start)) {
            for (var file : files.filter(file -> UNFINISHED.matcher(file.getFileName().toString()).matches()).toList())
                Files.deleteIfExists(file);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Path start(String prefix) {
        return prefix.isEmpty() ? root : path(prefix.substring(0, prefix.length() - 1));
    }

    private Path path(String name) {
        if (!NAME.matcher(name).matches())
            throw new IllegalArgumentException("no name of a blob: " + name);
        return root.resolve(name);
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
