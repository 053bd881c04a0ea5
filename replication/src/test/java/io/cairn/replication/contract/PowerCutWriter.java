package io.cairn.replication.contract;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Extent;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.testkit.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// A process with 8 writers that says on its standard output which writes were acknowledged: arguments are directory and round.
final class PowerCutWriter {
    static final int WRITERS = 8;
    /// Said last, when no writer goes on.
    static final String END = "end";

    private PowerCutWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        var log = open(Path.of(arguments[0]));
        var ended = new CountDownLatch(WRITERS);
        int round = Integer.parseInt(arguments[1]);
        for (int writer = 0; writer < WRITERS; writer++) {
            int own = writer;
            Thread.ofPlatform().start(() -> {
                for (int number = 0; write(log, round, own, number); number++) {
                    // until the disk is gone
                }
                ended.countDown();
            });
        }
        ended.await();
        System.out.println(END);
        // Not by itself: at exit RocksDB waits for its own threads, which wait for the disk. Whoever started this ends it.
        Thread.sleep(Long.MAX_VALUE);
    }

    static ReplicatedLog open(Path directory) {
        return ReplicatedLog.open(directory, Subject.GROUP, LogOptions.DEFAULT.withFileBytes(4 << 20).withFlushBytes(8 << 20),
                CommitListener.NONE);
    }

    private static boolean write(ReplicatedLog log, int round, int writer, int number) {
        try {
            var extent = log.append(1, ByteBuffer.wrap(payload(round, writer, number)));
            var address = ByteBuffer.allocate(Extent.MAX_ENCODED_BYTES);
            extent.encode(address);
            log.propose(new Batch().addExtent(extent).put(Subject.Spaces.FIRST, key(round, writer, number),
                    Arrays.copyOf(address.array(), address.position()))
                    .put(Subject.Spaces.SECOND, key(round, writer, number), new byte[100])).done().join();
            synchronized (System.out) {
                System.out.println(round + " " + writer + " " + number);
            }
            return true;
        } catch (RuntimeException e) {
            return false; // the disk is gone
        }
    }

    static byte[] key(int round, int writer, int number) {
        return ByteBuffer.allocate(12).putInt(round).putInt(writer).putInt(number).array();
    }

    static byte[] payload(int round, int writer, int number) {
        var bytes = new byte[500 + number % 3000];
        Arrays.fill(bytes, (byte) (round * 31 + writer * 7 + number));
        return bytes;
    }
}
