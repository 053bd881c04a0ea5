package io.cairn.bench.objects;

import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/// What a program would build by hand on RocksDB: a synced row an object. Its body is in a file of its own, which is forced, with its directory,
/// before the row is written; or, when `values` is set, in the row itself. The row has the body's MD5, as an ETag needs it, and nothing is
/// checked when it is read but what RocksDB checks.
final class RocksStore implements EmbeddedStore {
    static final String FILES = "RocksDB + file";
    static final String VALUES = "RocksDB values";
    private static final int DIRECTORIES = 256; // a directory for all would make its lock the limit
    private static final int MD5_BYTES = 16;
    private final boolean values;
    private final Path directory;
    private final FileChannel[] directories = new FileChannel[DIRECTORIES];
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final RocksDB database;

    private final AtomicLong files = new AtomicLong();

    RocksStore(Path directory, boolean values) throws IOException, RocksDBException {
        this.directory = directory;
        this.values = values;
        for (int i = 0; i < DIRECTORIES; i++) {
            Files.createDirectories(directory.resolve("files").resolve(Integer.toString(i)));
            directories[i] = FileChannel.open(directory.resolve("files").resolve(Integer.toString(i)), StandardOpenOption.READ);
        }
        database = RocksDB.open(options, directory.resolve("db").toString());
    }

    @Override
    public Entrant entrant() {
        return new Entrant(values ? VALUES : FILES, "RocksDB JNI " + RocksDB.rocksdbVersion(),
                values
                        ? "synced put (its own log, group commit)"
                        : "a new file an object, it and its directory forced, then a synced put, then the old file deleted",
                "RocksDB.open with default options, " + DIRECTORIES + " directories of files");
    }

    @Override
    public void put(String key, byte[] body) throws IOException, RocksDBException {
        var md5 = Content.md5().digest(body);
        var name = key.getBytes(StandardCharsets.UTF_8);
        if (values) {
            database.put(synced, name, ByteBuffer.allocate(MD5_BYTES + body.length).put(md5).put(body).array());
            return;
        }
        // A new file each time: one that is written over would be lost, or torn, by a crash, though it was acknowledged.
        long number = files.incrementAndGet();
        try (var file = FileChannel.open(file(key, number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(body);
            while (bytes.hasRemaining())
                file.write(bytes);
            file.force(false);
        }
        directories[slot(key)].force(true);
        var before = database.get(name);
        database.put(synced, name, ByteBuffer.allocate(MD5_BYTES + Long.BYTES).put(md5).putLong(number).array());
        if (before != null)
            Files.delete(file(key, fileOf(before)));
    }

    private static long fileOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong(MD5_BYTES);
    }

    @Override
    public byte[] get(String key) throws IOException, RocksDBException {
        var row = database.get(key.getBytes(StandardCharsets.UTF_8));
        if (row == null)
            throw new IOException("no object " + key);
        if (!values)
            return Files.readAllBytes(file(key, fileOf(row)));
        var body = new byte[row.length - MD5_BYTES];
        System.arraycopy(row, MD5_BYTES, body, 0, body.length);
        return body;
    }

    private Path file(String key, long number) {
        return directory.resolve("files").resolve(Integer.toString(slot(key))).resolve(key.replace('/', '-') + '.' + number);
    }

    private static int slot(String key) {
        return Math.floorMod(key.hashCode(), DIRECTORIES);
    }

    @Override
    public void close() {
        database.close();
        synced.close();
        options.close();
        for (var opened : directories) {
            try {
                opened.close();
            } catch (IOException e) {
                throw new IllegalStateException("a directory cannot be closed", e);
            }
        }
    }
}
