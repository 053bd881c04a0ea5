package io.cairn.replication.testkit;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A directory in memory that knows what was synced. After a power cut each write since is kept, dropped, or torn at sectors of 512
/// bytes, and each change of a name kept or dropped, independently of the others. Thread-safe.
public final class MemoryDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    private final Power power;
    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> durableNames = new TreeMap<>();
    private final List<NameChange> nameChanges = new ArrayList<>();

    /// @param removed a name that goes
    /// @param set a name that comes, or is replaced
    private record NameChange(@Nullable String removed, @Nullable String set, @Nullable Content content) {}

    private record Write(int at, byte[] bytes) {}

    public MemoryDisk(Power power) {
        this.power = power;
    }

    /// What a file holds: as programs see it, as the platter has it, and the writes between.
    private static final class Content {
        private byte[] now = new byte[0];
        private int size;
        private byte[] durable = new byte[0];
        private int durableSize;
        private final List<Write> writes = new ArrayList<>();

        void write(int at, byte[] bytes) {
            now = put(now, at, bytes);
            size = Math.max(size, at + bytes.length);
            writes.add(new Write(at, bytes));
        }

        void sync() {
            for (var write : writes)
                keep(write.at, write.bytes);
            writes.clear();
            durableSize = size;
        }

        private void keep(int at, byte[] bytes) {
            durable = put(durable, at, bytes);
            durableSize = Math.max(durableSize, at + bytes.length);
        }

        private static byte[] put(byte[] into, int at, byte[] bytes) {
            int end = at + bytes.length;
            var target = end <= into.length ? into : Arrays.copyOf(into, Math.max(end, into.length * 2));
            System.arraycopy(bytes, 0, target, at, bytes.length);
            return target;
        }

        Content afterPowerCut(RandomGenerator random, int keepPercent) {
            var after = new Content();
            after.durable = Arrays.copyOf(durable, durableSize);
            after.durableSize = durableSize;
            for (var write : writes)
                switch (keepPercent < 0 ? 2 : random.nextInt(100) < keepPercent ? 0 : random.nextInt(3)) {
                    case 0 -> after.keep(write.at, write.bytes);
                    case 1 -> after.keepSectors(write, random);
                    default -> {
                        // dropped
                    }
                }
            after.now = after.durable.clone();
            after.size = after.durableSize;
            return after;
        }

        private void keepSectors(Write write, RandomGenerator random) {
            for (int from = 0; from < write.bytes.length;) {
                int end = Math.min(write.bytes.length, from + SECTOR_BYTES - (write.at + from) % SECTOR_BYTES);
                if (random.nextBoolean())
                    keep(write.at + from, Arrays.copyOfRange(write.bytes, from, end));
                from = end;
            }
        }
    }

    /// The disk as the next start finds it after power loss. This one is dead from now on.
    public MemoryDisk powerCut(RandomGenerator random, Power next) {
        return powerCut(random, random.nextInt(3) * 50, next);
    }

    /// The same when nothing reached the platter that was not synced.
    MemoryDisk worstPowerCut(Power next) {
        return powerCut(new SplittableRandom(0), -1, next);
    }

    private MemoryDisk powerCut(RandomGenerator random, int keepPercent, Power next) {
        synchronized (power) {
            power.cut();
            var after = new MemoryDisk(next);
            var kept = new TreeMap<>(durableNames);
            for (var change : nameChanges)
                if (random.nextInt(100) < keepPercent)
                    apply(change, kept);
            var contents = new IdentityHashMap<Content, Content>();
            kept.forEach((name, content) -> after.durableNames.put(name,
                    contents.computeIfAbsent(content, old -> old.afterPowerCut(random, keepPercent))));
            after.names.putAll(after.durableNames);
            return after;
        }
    }

    /// The disk as the next start finds it when only the process died: everything written is there, and no more durable than before.
    public MemoryDisk processCrash(Power next) {
        synchronized (power) {
            power.cut();
            var after = new MemoryDisk(next);
            after.names.putAll(names);
            after.durableNames.putAll(durableNames);
            after.nameChanges.addAll(nameChanges);
            return after;
        }
    }

    private static void apply(NameChange change, Map<String, Content> names) {
        if (change.removed != null)
            names.remove(change.removed);
        if (change.set != null && change.content != null)
            names.put(change.set, change.content);
    }

    private void change(NameChange change) {
        apply(change, names);
        nameChanges.add(change);
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        synchronized (power) {
            power.check();
            var content = names.get(name);
            if (content != null)
                return new OpenFile(name, content);
            if (!create)
                throw new NoSuchFileException(name);
            power.begin(Power.Kind.NAME);
            var made = new Content();
            change(new NameChange(null, name, made));
            return new OpenFile(name, made);
        }
    }

    @Override
    public List<String> list() throws IOException {
        synchronized (power) {
            power.check();
            return List.copyOf(names.keySet());
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        power.announce("rename", from);
        synchronized (power) {
            power.begin(Power.Kind.NAME);
            change(new NameChange(from, to, existing(from)));
        }
    }

    @Override
    public void delete(String name) throws IOException {
        power.announce("delete", name);
        synchronized (power) {
            power.begin(Power.Kind.NAME);
            existing(name);
            change(new NameChange(name, null, null));
        }
    }

    @Override
    public void link(String name, Path target) throws IOException {
        power.announce("link", name);
        synchronized (power) {
            power.check();
            var content = existing(name);
            Files.write(target, Arrays.copyOf(content.now, content.size));
        }
    }

    @Override
    public void sync() throws IOException {
        power.announce("sync", ".");
        synchronized (power) {
            power.begin(Power.Kind.SYNC);
            if (power.syncsIgnored("."))
                return;
            nameChanges.forEach(change -> apply(change, durableNames));
            nameChanges.clear();
        }
    }

    /// The bytes of a file now, for tests that damage them with [#damage].
    public byte[] bytes(String name) throws IOException {
        synchronized (power) {
            var content = existing(name);
            return Arrays.copyOf(content.now, content.size);
        }
    }

    /// Planted fault: flips bits of one stored byte.
    public void damage(String name, int at, int bits) throws IOException {
        synchronized (power) {
            var content = existing(name);
            content.now[at] ^= (byte) bits;
            if (at < content.durableSize)
                content.durable[at] ^= (byte) bits;
        }
    }

    private Content existing(String name) throws NoSuchFileException {
        var content = names.get(name);
        if (content == null)
            throw new NoSuchFileException(name);
        return content;
    }

    private final class OpenFile implements DiskFile {
        private final String name;
        private final Content content;

        OpenFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            power.announce("write", name);
            synchronized (power) {
                boolean half = power.begin(Power.Kind.WRITE);
                var copy = new byte[half ? bytes.remaining() / 2 : bytes.remaining()];
                bytes.get(copy);
                content.write(Math.toIntExact(position), copy);
                if (half)
                    throw new IOException("planted: this write fails");
            }
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            synchronized (power) {
                power.check();
                int count = (int) Math.max(0, Math.min(into.remaining(), content.size - position));
                if (count > 0)
                    into.put(content.now, (int) position, count);
                return count;
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (power) {
                power.check();
                return content.size;
            }
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException("no log shortens a file");
        }

        @Override
        public void sync() throws IOException {
            power.announce("sync", name);
            synchronized (power) {
                power.begin(Power.Kind.SYNC);
                if (!power.syncsIgnored(name))
                    content.sync();
            }
        }

        @Override
        public @Nullable FileChannel channel() {
            return null;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
