package io.cairn.replication.internal.store;

import io.cairn.replication.Damage;
import io.cairn.replication.StoreFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/// The files of RocksDB: `CURRENT` names the manifest; `MANIFEST-...` is a log of records, each with a checksum; `....sst` have one for each
/// block. `OPTIONS-...`, `IDENTITY` and `LOG` carry none and are never read by this program.
public final class StoreFiles {
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;
    private static final int MASK_DELTA = 0xA282EAD8;

    private StoreFiles() {}

    /// Bytes of all files. A table that was being written when the process died is in no manifest and no harm. Without RocksDB's own reader of manifests: that takes a damaged last record for one that was not finished.
    ///
    /// @param tables names of those that the manifest names; null when that cannot be told: then all are read
    public static long check(Path directory, @Nullable Set<String> tables, Consumer<Damage> found) throws IOException {
        NativeLibrary.load();
        if (!Files.isDirectory(directory)) {
            found.accept(new Damage("db", -1, "the store is missing", null));
            return 0;
        }
        var current = directory.resolve("CURRENT");
        var manifest = text(current);
        if (!manifest.matches("MANIFEST-\\d{6,}\n") || !Files.exists(directory.resolve(manifest.strip())))
            found.accept(new Damage("db/CURRENT", 0, "it names no manifest that is there: `" + manifest.strip() + "`", null));
        long bytes = 0;
        try (var files = Files.newDirectoryStream(directory)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                bytes += Files.size(file);
                if (name.startsWith("MANIFEST-"))
                    readManifest(file, "db/" + name, found);
                else if (name.endsWith(".sst") && (tables == null || tables.contains(name)))
                    table(file, "db/" + name, found);
            }
        }
        return bytes;
    }

    /// Empty when it cannot be read.
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static void readManifest(Path file, String name, Consumer<Damage> found) {
        try {
            manifest(file, name, found);
        } catch (IOException e) {
            found.accept(new Damage(name, -1, "the file cannot be read: " + e, null));
        }
    }

    /// RocksDB's message names the block.
    private static void table(Path file, String name, Consumer<Damage> found) {
        try (var options = new Options(); var read = new ReadOptions(); var reader = new SstFileReader(options)) {
            reader.open(file.toString());
            reader.verifyChecksum();
            try (var rows = reader.newIterator(read)) {
                for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                    // verified as it is read
                }
                rows.status();
            }
        } catch (RocksDBException e) {
            found.accept(new Damage(name, -1, String.valueOf(e.getMessage()), null));
        }
    }

    /// Holds the manifest in use against its checksums before RocksDB reads it: RocksDB 11.8.1 was seen to read a record that does not
    /// match, with others behind it, for ever. What it may find at the end, a record that was being written when the machine lost its power, passes, unless
    /// `strict`. [StoreFailedException] names the record. What is missing is RocksDB's to say.
    static void requireSoundManifest(Path directory, boolean strict) throws IOException {
        var manifest = directory.resolve(text(directory.resolve("CURRENT")).strip());
        if (!manifest.getFileName().toString().startsWith("MANIFEST-") || !Files.isRegularFile(manifest))
            return;
        var records = new Records(manifest);
        int bad = records.firstBad();
        if (bad >= 0 && (strict || records.followed(bad)))
            throw new StoreFailedException(
                    "db/%s at byte %d: a record does not match its crc32c; restore this group from a checkpoint or its archive"
                            .formatted(manifest.getFileName(), bad),
                    null);
    }

    private static void manifest(Path file, String name, Consumer<Damage> found) throws IOException {
        int bad = new Records(file).firstBad();
        if (bad >= 0)
            found.accept(new Damage(name, bad, "a record does not match its crc32c", null));
    }

    /// Blocks of 32 KiB; records of u32 masked crc32c, u16 length, u8 type, payload; at most 6 zeros end a block (RocksDB wiki, "Write Ahead
    /// Log File Format").
    private record Records(ByteBuffer bytes) {
        Records(Path file) throws IOException {
            this(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
        }

        /// Where the first record stands that is cut off or does not match; -1 when all do.
        int firstBad() {
            for (int at = skipped(0); at < bytes.limit(); at = skipped(end(at)))
                if (!matches(at))
                    return at;
            return -1;
        }

        /// Whether a record that matches stands behind this one, if its length is right.
        boolean followed(int bad) {
            if (!isWhole(bad))
                return false;
            int next = skipped(end(bad));
            return next < bytes.limit() && matches(next);
        }

        private boolean matches(int at) {
            return isWhole(at) && bytes.getInt(at) == masked(bytes, at + 6, length(at) + 1);
        }

        private boolean isWhole(int at) {
            return at + HEADER_BYTES <= bytes.limit() && length(at) <= BLOCK_BYTES - at % BLOCK_BYTES - HEADER_BYTES
                    && end(at) <= bytes.limit();
        }

        private int length(int at) {
            return bytes.getShort(at + 4) & 0xFFFF;
        }

        private int end(int at) {
            return at + HEADER_BYTES + length(at);
        }

        /// The next place where a record may begin.
        private static int skipped(int at) {
            int left = BLOCK_BYTES - at % BLOCK_BYTES;
            return left < HEADER_BYTES ? at + left : at;
        }
    }

    private static int masked(ByteBuffer bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(from, length));
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }
}
