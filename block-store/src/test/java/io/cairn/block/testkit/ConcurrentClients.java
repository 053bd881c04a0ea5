package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.Volume;
import io.cairn.replication.testkit.TimedCall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Clients that write, clear and read a few blocks of one volume at once, in ranges that overlap and mostly begin and end within blocks, and note when each
/// call was made and answered.
final class ConcurrentClients {
    static final int CLIENTS = 4;
    /// The bytes that tell writes from each other have room for so many.
    static final int MAX_CALLS_EACH = 63;
    static final int BLOCKS = 6;
    /// They lie on both sides of an edge of what one node of a map may hold.
    static final long FIRST_BLOCK = 509;
    private static final int CELLS = BlockCall.CELLS.size();
    private static final int MAX_CELLS = 20;
    private final Volume volume;
    private final int client;
    private final SplittableRandom random;
    private final List<TimedCall<List<Integer>>> calls = new ArrayList<>();

    private ConcurrentClients(Volume volume, int client, long seed) {
        this.volume = volume;
        this.client = client;
        random = new SplittableRandom(seed * 31 + client);
    }

    /// All calls of the clients, each of which makes so many in its own order, and those of one that looks at everything in the end. Their blocks are
    /// zeros to begin with.
    ///
    /// @param meanwhile what is done again and again until they have ended
    static List<TimedCall<List<Integer>>> run(Volume volume, int callsEach, long seed, Runnable meanwhile) {
        var begin = new CyclicBarrier(CLIENTS);
        var running = new ArrayList<Future<List<TimedCall<List<Integer>>>>>();
        var all = new ArrayList<TimedCall<List<Integer>>>();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (int i = 0; i < CLIENTS; i++) {
                var client = new ConcurrentClients(volume, i, seed);
                Callable<List<TimedCall<List<Integer>>>> work = () -> {
                    begin.await();
                    for (int n = 0; n < callsEach; n++)
                        client.call(n);
                    return client.calls;
                };
                running.add(threads.submit(work));
            }
            while (!running.stream().allMatch(Future::isDone))
                meanwhile.run();
            for (var done : running)
                all.addAll(done.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        var last = new ConcurrentClients(volume, CLIENTS, seed);
        last.read(0, BLOCKS * CELLS);
        all.addAll(last.calls);
        return all;
    }

    private void call(int number) {
        int length = 1 + random.nextInt(random.nextBoolean() ? CELLS : MAX_CELLS);
        int from = random.nextInt(BLOCKS * CELLS - length + 1);
        if (random.nextInt(4) == 0) { // whole blocks
            from = from / CELLS * CELLS;
            length = Math.min(BLOCKS * CELLS - from, (length + CELLS - 1) / CELLS * CELLS);
        }
        int dice = random.nextInt(20);
        if (dice < 6)
            read(from, length);
        else
            change(from, length, dice < 8 ? 0 : client * MAX_CALLS_EACH + number + 1, dice == 6);
        if (dice == 19)
            Outcome.await(client % 2 == 0 ? volume.flush() : volume.flushHere());
    }

    /// @param cell counted from that at which the first block begins
    private static long at(int cell) {
        return (FIRST_BLOCK + cell / CELLS) * BLOCK_BYTES + BlockCall.CELLS.get(cell % CELLS);
    }

    private static int lengthBytes(int from, int length) {
        return (int) (at(from + length) - at(from));
    }

    private void change(int from, int length, int tag, boolean trim) {
        var bytes = new byte[lengthBytes(from, length)];
        Arrays.fill(bytes, (byte) tag);
        long invoked = System.nanoTime();
        if (tag > 0)
            Outcome.await(volume.write(at(from), ByteBuffer.wrap(bytes)));
        else
            Outcome.await(trim ? volume.trim(at(from), bytes.length) : volume.zero(at(from), bytes.length));
        eachBlock(from, length, (first, end) -> new BlockCall.Write(first % CELLS, end - first / CELLS * CELLS, tag), invoked);
    }

    private void read(int from, int length) {
        var bytes = ByteBuffer.allocate(lengthBytes(from, length));
        long invoked = System.nanoTime();
        Outcome.await(volume.read(at(from), bytes));
        eachBlock(from, length, (first, end) -> {
            var seen = new ArrayList<Integer>();
            for (int cell = first; cell < end; cell++)
                seen.add(tag(bytes.array(), (int) (at(cell) - at(from)), (int) (at(cell + 1) - at(from))));
            return new BlockCall.Read(first % CELLS, seen);
        }, invoked);
    }

    private static int tag(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++)
            if (bytes[i] != bytes[from])
                throw new AssertionError("bytes of one write end within it: " + bytes[from] + ", " + bytes[i]);
        return Byte.toUnsignedInt(bytes[from]);
    }

    private interface OfBlock { BlockCall call(int firstCell, int endCell); }

    private void eachBlock(int from, int length, OfBlock ofBlock, long invoked) {
        long responded = System.nanoTime();
        for (int cell = from; cell < from + length;) {
            int end = Math.min(from + length, (cell / CELLS + 1) * CELLS);
            calls.add(new TimedCall<>(client, FIRST_BLOCK + cell / CELLS, ofBlock.call(cell, end), invoked, responded));
            cell = end;
        }
    }
}
