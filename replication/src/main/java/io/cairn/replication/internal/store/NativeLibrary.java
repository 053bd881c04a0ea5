package io.cairn.replication.internal.store;

import io.cairn.replication.StoreFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/// Loads RocksDB's native library from a copy that is unpacked once a version, not into a temp directory at every start: that takes
/// 0.8 s or more, and killed processes leave it behind. The copy is checked against the jar's bytes each time.
final class NativeLibrary {
    private static boolean loaded;

    private NativeLibrary() {}

    static synchronized void load() {
        if (loaded)
            return;
        if (System.getenv("ROCKSDB_SHAREDLIB_DIR") == null)
            RocksDB.loadLibrary(List.of(unpack().toString()));
        else
            RocksDB.loadLibrary();
        loaded = true;
    }

    private static Path unpack() {
        var resource = Environment.getJniLibraryFileName("rocksdb");
        // RocksDB.loadLibrary(List) looks for the name with "jni" in it twice.
        var name = Environment.getJniLibraryFileName("rocksdbjni");
        try {
            var jar = RocksDB.class.getProtectionDomain().getCodeSource().getLocation();
            var version = Path.of(jar.getPath()).getFileName().toString().replaceFirst("\\.jar$", "");
            var directory = Files.createDirectories(cacheDirectory().resolve(version));
            var library = directory.resolve(name);
            var stamp = directory.resolve(name + ".crc32c");
            if (Files.exists(stamp) && Files.readString(stamp).equals(checksum(library)))
                return directory;
            var fresh = Files.createTempFile(directory, name, ".new");
            try (InputStream in = RocksDB.class.getClassLoader().getResourceAsStream(resource)) {
                if (in == null)
                    throw new IllegalStateException("RocksDB's jar has no native library for this platform: " + resource);
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
            // Two processes may unpack at once: each moves a whole file into place, and both are the same.
            var freshStamp = Files.writeString(Files.createTempFile(directory, name, ".crc"), checksum(fresh));
            Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            Files.move(freshStamp, stamp, StandardCopyOption.ATOMIC_MOVE);
            return directory;
        } catch (IOException e) {
            throw new StoreFailedException("cannot unpack " + name + " under " + cacheDirectory()
                    + "; set ROCKSDB_SHAREDLIB_DIR to a directory that has it", e);
        }
    }

    private static Path cacheDirectory() {
        var home = System.getenv("XDG_CACHE_HOME");
        var base = home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return base.resolve("cairn").resolve("native");
    }

    private static String checksum(Path file) throws IOException {
        if (!Files.exists(file))
            return "";
        var crc = new CRC32C();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            crc.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
            return Long.toHexString(crc.getValue()) + " " + channel.size();
        }
    }
}
