package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Damage;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.LogInspection;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.StoreView;
import io.cairn.replication.internal.extent.ExtentReader;
import io.cairn.replication.internal.extent.ExtentWalk;
import io.cairn.replication.internal.extent.FileHandles;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import io.cairn.replication.internal.store.RocksStore;
import io.cairn.replication.internal.store.StoreFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Walks the files of a group as they lie there.
public final class FileInspection implements LogInspection {
    private static final int OPEN_FILES = 64;
    private final Path directory;
    private final Group group;
    private final FileHandles handles;
    private @Nullable RocksStore store;

    public FileInspection(Path directory, Group group) {
        this.directory = directory;
        this.group = group;
        this.handles = new FileHandles(new ReadOnlyDisk(directory.resolve("log")), new ReadOnlyDisk(directory.resolve("extents")),
                OPEN_FILES);
    }

    @Override
    public Totals files(Consumer<Damage> found) {
        try {
            begun(found);
            var log = new LogWalk(directory.resolve("log"), group, found);
            long entries = log.walk(applied());
            var extents = new ReadOnlyDisk(directory.resolve("extents"));
            long extentBytes = 0;
            for (var name : extents.list()) {
                var number = FileNames.number(Home.OWN_FILE, name);
                if (number.isPresent() && named(number.getAsLong(), log))
                    extentBytes += walk(extents, name, found);
            }
            long storeBytes = StoreFiles.check(directory.resolve("db"), tables(), found);
            return new Totals(entries, log.unapplied(), logBytes(), extentBytes, storeBytes);
        } catch (IOException e) {
            throw new StoreFailedException("cannot read " + directory + ": " + e.getMessage(), e);
        }
    }

    private static long walk(ReadOnlyDisk extents, String name, Consumer<Damage> found) {
        try {
            return ExtentWalk.walk(extents, name, found);
        } catch (IOException e) {
            found.accept(new Damage("extents/" + name, -1, "the file cannot be read: " + e, null));
            return 0;
        }
    }

    private AppliedState applied() {
        try {
            return store().applied();
        } catch (StoreFailedException e) {
            return AppliedState.NOTHING; // whoever asks for the rows is told
        }
    }

    /// A file that neither rows nor entries name was being written when the process died: the next open deletes it.
    private boolean named(long number, LogWalk log) {
        try {
            return log.ownFiles().contains(number) || store().liveBytes().contains(Home.OWN_FILE, number);
        } catch (StoreFailedException e) {
            return true;
        }
    }

    private @Nullable Set<String> tables() {
        try {
            return store().tables();
        } catch (StoreFailedException e) {
            return null; // whoever asks for the rows is told
        }
    }

    private void begun(Consumer<Damage> found) throws IOException {
        var marker = directory.resolve("BEGUN");
        if (!Files.exists(marker))
            found.accept(new Damage("BEGUN", -1, "the file is missing that says that the group was begun", null));
        else if (!new String(Files.readAllBytes(marker), StandardCharsets.ISO_8859_1)
                .equals(BegunMark.TEXT))
            found.accept(new Damage("BEGUN", 0, "the file does not say what was written", null));
    }

    private long logBytes() throws IOException {
        long bytes = 0;
        var log = new ReadOnlyDisk(directory.resolve("log"));
        for (var name : log.list())
            if (FileNames.number(Home.LOG, name).isPresent())
                bytes += Files.size(directory.resolve("log").resolve(name));
        return bytes;
    }

    private RocksStore store() {
        var opened = store;
        if (opened == null)
            store = opened = RocksStore.openReadOnly(directory.resolve("db"), group);
        return opened;
    }

    @Override
    public StoreView rows() {
        return store();
    }

    @Override
    public @Nullable Damage check(Extent extent) {
        var name = place(FileKey.of(extent));
        try (var reader = ExtentReader.open(handles, extent)) {
            if (reader == null)
                return new Damage(name, extent.offset(), "the file is missing", null);
            reader.read(0, extent.length());
            return null;
        } catch (CorruptLogException e) {
            return new Damage(name, extent.offset(), "an extent of " + extent.length() + " bytes: " + e.getMessage(), null);
        } catch (StoreFailedException e) {
            return new Damage(name, extent.offset(), String.valueOf(e.getMessage()), null);
        }
    }

    @Override
    public boolean read(Extent piece, ByteBuffer into) {
        try {
            return handles.read(piece, into);
        } catch (IOException | CorruptLogException e) {
            return false;
        }
    }

    static String place(FileKey key) {
        return (key.home() == Home.LOG ? "log/" : "extents/") + FileNames.of(key);
    }

    @Override
    public Map<File, Long> live() {
        var live = new HashMap<File, Long>();
        store().liveBytes().snapshot()
                .forEach((key, bytes) -> live.put(new File(key.home(), key.number(), place(key)), bytes));
        return live;
    }

    @Override
    public void close() {
        handles.close();
        if (store != null)
            store.close();
    }
}
