package io.cairn.server.nbd;

import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.replication.testkit.Acknowledgements;
import io.cairn.server.http.EventLoops;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// The process whose power goes: an NBD port over a store, and clients that write or clear one block after the other, each with FUA, and tell on standard
/// output `CLIENT STEP` when it was answered. None of them ever flushes.
final class FuaWriter {
    static final int CLIENTS = 4;
    static final int BLOCKS = 64;
    static final int BLOCK = 4096;

    private FuaWriter() {}

    /// @param arguments directory, its keys' directory, seed, round, milliseconds until the cut, whether FUA is kept
    static void main(String[] arguments) throws Exception {
        var directory = Path.of(arguments[0]);
        var store = BlockStore.open(directory);
        boolean kept = Boolean.parseBoolean(arguments[5]);
        var volume = kept ? volume(store) : withoutFlush(volume(store));
        @SuppressWarnings("resource") // until the power goes
        var door = new OneDisk(volume).open(Path.of(arguments[1]),
                new EventLoops(3)); // two clients share one, two have their own: their loops write and sync by themselves
        var told = Acknowledgements.toStandardOutput();
        told.cutPowerAfter(Integer.parseInt(arguments[4]), directory);
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            var plan = plan(Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]), client);
            var _ = Thread.ofPlatform().start(() -> {
                try (var nbd = new RawNbd(door.address().getPort())) {
                    nbd.greet().go("disk");
                    for (int step = 1;; step++) {
                        int type = type(step);
                        nbd.request(Nbd.CMD_FLAG_FUA, type, step, offset(client, plan.nextInt(BLOCKS)), BLOCK,
                                type == Nbd.CMD_WRITE ? content(value(Integer.parseInt(arguments[3]), step)) : new byte[0]);
                        if (nbd.simple(0).error() == 0)
                            told.tell(client + " " + step);
                    }
                } catch (Throwable e) {
                    // The disk is gone, and whoever started this ends it; if the disk is there, the test misses the cut.
                }
            });
        }
    }

    static Volume volume(BlockStore store) {
        return store.volumes().isEmpty() ? store.createVolume(VolumeDefinition.of(1L << 24)) : store.volumes().getFirst();
    }

    static SplittableRandom plan(long seed, int round, int client) {
        return new SplittableRandom(seed * 31 + round * 7L + client);
    }

    static long offset(int client, int block) {
        return (long) (client * BLOCKS + block) * BLOCK;
    }

    /// Now and then a block is cleared.
    private static int type(int step) {
        return switch (step % 8) {
            case 3 -> Nbd.CMD_TRIM;
            case 7 -> Nbd.CMD_WRITE_ZEROES;
            default -> Nbd.CMD_WRITE;
        };
    }

    /// What a block says after a step: 0 when it was cleared.
    static long value(int round, int step) {
        return type(step) == Nbd.CMD_WRITE ? (long) round << 32 | step : 0;
    }

    private static byte[] content(long value) {
        var bytes = ByteBuffer.allocate(BLOCK);
        while (bytes.hasRemaining())
            bytes.putLong(value);
        return bytes.array();
    }

    /// What a server would be that answers a write with FUA when the write is done.
    private static Volume withoutFlush(Volume volume) {
        return (Volume) Proxy.newProxyInstance(FuaWriter.class.getClassLoader(), new Class<?>[]{Volume.class},
                (_, method, given) -> method.getName().startsWith("flush")
                        ? CompletableFuture.completedFuture(null)
                        : method.invoke(volume, given));
    }
}
