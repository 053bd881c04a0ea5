package io.cairn.replication.contract;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Extent;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.testkit.Acknowledgements;
import io.cairn.replication.testkit.Subject;
import io.cairn.replication.testkit.UnsyncedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/// A process with 8 writers that tells which writes were acknowledged until its power goes. Arguments: directory, round, milliseconds
/// until the cut, and whether it syncs.
final class PowerCutWriter {
    static final int WRITERS = 8;
    private static final LogOptions OPTIONS = LogOptions.DEFAULT.withFileBytes(4 << 20).withFlushBytes(8 << 20);

    private PowerCutWriter() {}

    public static void main(String[] arguments) {
        var directory = Path.of(arguments[0]);
        int round = Integer.parseInt(arguments[1]);
        var log = open(directory, Boolean.parseBoolean(arguments[3]) ? OPTIONS : OPTIONS.withDisks(UnsyncedDisk::of));
        var told = Acknowledgements.toStandardOutput();
        told.cutPowerAfter(Integer.parseInt(arguments[2]), directory);
        for (int writer = 0; writer < WRITERS; writer++) {
            int own = writer;
            Thread.ofPlatform().start(() -> {
                try {
                    for (int number = 0;; number++) {
                        write(log, round, own, number);
                        told.tell(round + " " + own + " " + number);
                    }
                } catch (RuntimeException | IOException e) {
                    // The disk is gone. Whoever started this process ends it.
                }
            });
        }
    }

    static ReplicatedLog open(Path directory) {
        return open(directory, OPTIONS);
    }

    private static ReplicatedLog open(Path directory, LogOptions options) {
        return ReplicatedLog.open(directory, Subject.GROUP, options, CommitListener.NONE);
    }

    private static void write(ReplicatedLog log, int round, int writer, int number) {
        var extent = log.append(1, ByteBuffer.wrap(payload(round, writer, number)));
        var address = ByteBuffer.allocate(Extent.MAX_ENCODED_BYTES);
        extent.encode(address);
        log.propose(new Batch().addExtent(extent).put(Subject.Spaces.FIRST, key(round, writer, number),
                Arrays.copyOf(address.array(), address.position()))
                .put(Subject.Spaces.SECOND, key(round, writer, number), new byte[100])).done().join();
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
