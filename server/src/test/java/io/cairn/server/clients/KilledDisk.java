package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// One connection that writes blocks of its own part of a volume, one request after the other, and remembers what it sent and what was answered.
final class KilledDisk {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 256;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int FUA = 1;
    private final int number;
    private final SplittableRandom random;
    /// What is known to be on disk: a number for each block.
    private long[] base = new long[BLOCKS];
    /// What was written since, in order.
    private final List<Write> since = new ArrayList<>();
    /// How many of these were flushed.
    private int durable;
    private long next = 1;
    private long writes;
    private long flushes;
    private long lost;
    private volatile boolean isNew = true;
    private volatile boolean killExpected;

    private static final class Write {
        final int from;
        final int to;
        final long tag;
        final long sent = System.nanoTime();
        long acknowledged = Long.MAX_VALUE;

        Write(int from, int to, long tag) {
            this.from = from;
            this.to = to;
            this.tag = tag;
        }
    }

    /// @param lastKeptSent when the newest write was sent that is there
    /// @param firstLostAcknowledged when the oldest was answered that is not
    record Found(long lastKeptSent, long firstLostAcknowledged) {}

    KilledDisk(int number, long seed) {
        this.number = number;
        this.random = new SplittableRandom(seed + number);
    }

    long writes() {
        return writes;
    }

    long flushes() {
        return flushes;
    }

    long lost() {
        return lost;
    }

    /// Whether nothing was flushed since the last start.
    boolean isNew() { return isNew; }

    void expectKill() {
        killExpected = true;
    }

    /// Until the server is killed.
    void work(URI disk) throws IOException {
        killExpected = false;
        isNew = true;
        try (var connection = new Connection(disk)) {
            while (true)
                step(connection);
        } catch (IOException e) {
            if (!killExpected)
                throw e;
        }
    }

    private void step(Connection connection) throws IOException {
        int dice = random.nextInt(20);
        if (dice == 0) {
            int count = since.size();
            connection.request(0, FLUSH, 0, 0, new byte[0]);
            durable = count;
            flushes++;
            isNew = false;
            return;
        }
        int count = 1 + random.nextInt(4);
        int from = random.nextInt(BLOCKS - count + 1);
        boolean trim = dice == 1;
        boolean fua = dice < 4 && !trim;
        var write = new Write(from, from + count, trim ? 0 : next++);
        since.add(write);
        if (trim)
            connection.request(0, TRIM, at(from), count * BLOCK, new byte[0]);
        else
            connection.request(fua ? FUA : 0, WRITE, at(from), count * BLOCK, content(write));
        write.acknowledged = System.nanoTime();
        writes++;
        if (fua) {
            durable = since.size();
            flushes++;
            isNew = false;
        }
    }

    private long at(int block) {
        return (long) (number * BLOCKS + block) * BLOCK;
    }

    private byte[] content(Write write) {
        var bytes = ByteBuffer.allocate((write.to - write.from) * BLOCK);
        for (int block = write.from; block < write.to; block++)
            for (int i = 0; i < BLOCK; i += 8)
                bytes.putLong(tag(write.tag, block));
        return bytes.array();
    }

    /// Of a block: so that one in another's place is seen.
    private long tag(long tag, int block) {
        return tag == 0 ? 0 : tag << 24 | (long) number << 16 | block;
    }

    /// What is there is what there was after some write at or behind the last flush. From there on it counts as flushed.
    Found check(URI disk) throws IOException {
        var found = read(disk);
        var expected = base.clone();
        for (int kept = 0; kept <= since.size(); kept++) {
            if (kept >= durable && Arrays.equals(expected, found)) {
                long lastSent = kept == 0 ? Long.MIN_VALUE : since.get(kept - 1).sent;
                long firstLost = Long.MAX_VALUE;
                for (var write : since.subList(kept, since.size()))
                    if (write.acknowledged != Long.MAX_VALUE) {
                        firstLost = Math.min(firstLost, write.acknowledged);
                        lost++;
                    }
                base = found;
                since.clear();
                durable = 0;
                return new Found(lastSent, firstLost);
            }
            if (kept < since.size()) {
                var write = since.get(kept);
                for (int block = write.from; block < write.to; block++)
                    expected[block] = tag(write.tag, block);
            }
        }
        return fail(
                "client " + number + ": what is there is no prefix of " + since.size() + " writes with " + durable + " flushed");
    }

    private long[] read(URI disk) throws IOException {
        try (var connection = new Connection(disk)) {
            var bytes = ByteBuffer.wrap(connection.read(at(0), BLOCKS * BLOCK));
            var found = new long[BLOCKS];
            for (int block = 0; block < BLOCKS; block++) {
                found[block] = bytes.getLong(block * BLOCK);
                for (int i = 0; i < BLOCK; i += 8)
                    assertEquals(found[block], bytes.getLong(block * BLOCK + i),
                            "client " + number + ": block " + block + " is torn");
            }
            return found;
        }
    }

    /// As a lost write would look.
    void writeOldBlock(URI disk) throws IOException {
        try (var connection = new Connection(disk)) {
            connection.request(FUA, WRITE, at(0), BLOCK, content(new Write(0, 1, base[0] == tag(1, 0) ? 2 : 1)));
        }
    }

    /// NBD, as little of it as that takes.
    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Connection(URI disk) throws IOException {
            socket = new Socket(disk.getHost(), disk.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(60_000);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
            in.readNBytes(18);
            out.writeInt(3);
            var name = disk.getPath().substring(1).getBytes(StandardCharsets.UTF_8);
            out.writeLong(0x49484156454F5054L);
            out.writeInt(1); // NBD_OPT_EXPORT_NAME
            out.writeInt(name.length);
            out.write(name);
            out.flush();
            in.readNBytes(10);
        }

        void request(int flags, int type, long offset, int length, byte[] payload) throws IOException {
            send(flags, type, offset, length, payload);
        }

        byte[] read(long offset, int length) throws IOException {
            send(0, READ, offset, length, new byte[0]);
            var bytes = in.readNBytes(length);
            assertEquals(length, bytes.length);
            return bytes;
        }

        private void send(int flags, int type, long offset, int length, byte[] payload) throws IOException {
            out.writeInt(0x25609513);
            out.writeShort(flags);
            out.writeShort(type);
            out.writeLong(offset);
            out.writeLong(offset);
            out.writeInt(length);
            out.write(payload);
            out.flush();
            assertEquals(0x67446698, in.readInt());
            assertEquals(0, in.readInt(), "error of request " + type);
            assertEquals(offset, in.readLong());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
