package io.cairn.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.LatchTable.Latch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600) // of a test that hangs
final class LatchTableTest {
    private static byte[] key(int number) {
        return new byte[]{(byte) number, (byte) (number >> 8)};
    }

    @Test
    void oneHoldsAKeyAndTheRestFollowInTheOrderTheyCame() {
        var table = new LatchTable();
        var order = new ArrayList<Integer>();
        var first = table.acquire(key(1)).join();
        var waiting = new ArrayList<CompletableFuture<Latch>>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            var request = table.acquire(key(1));
            var _ = request.thenAccept(_ -> order.add(number));
            waiting.add(request);
        }
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
        assertTrue(table.acquire(key(2)).isDone(), "another key is free");
        first.close();
        first.close();
        for (var next : waiting)
            next.join().close();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), order);
    }

    @Test
    void theSameKeyTwiceIsOneLatch() {
        var table = new LatchTable();
        table.acquire(key(1), key(1), key(2), key(1)).join().close();
        assertTrue(table.acquire(key(1)).isDone());
    }

    @Test
    void waitingEndsAtTheDeadlineAndLosesNoStripe() {
        var table = new LatchTable(16, 10, Duration.ofMillis(30));
        var holder = table.acquire(key(1)).join();
        var late = table.acquire(key(1), key(2));
        var failure = assertThrows(CompletionException.class, late::join);
        assertTrue(failure.getCause() instanceof OverloadedException, failure.toString());
        holder.close();
        assertTrue(table.acquire(key(1), key(2)).isDone());
    }

    @Test
    void oneMoreThanTheBoundIsRefused() {
        var table = new LatchTable(16, 3, Duration.ofSeconds(10));
        var holder = table.acquire(key(1)).join();
        var waiting = new ArrayList<CompletableFuture<Latch>>();
        for (int i = 0; i < 3; i++)
            waiting.add(table.acquire(key(1)));
        var refused = table.acquire(key(1));
        assertTrue(refused.isCompletedExceptionally());
        assertTrue(assertThrows(CompletionException.class, refused::join).getCause() instanceof OverloadedException);
        holder.close();
        for (var next : waiting)
            next.join().close();
        assertTrue(table.acquire(key(1)).isDone());
    }

    @Test
    void anotherThreadMayRelease() throws Exception {
        var table = new LatchTable();
        var latch = table.acquire(key(1)).join();
        var next = table.acquire(key(1));
        assertFalse(next.isDone());
        Thread.ofPlatform().start(latch::close).join();
        next.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void thousandsInARowThatCloseAtOnceDoNotOverflowTheStack() throws Exception {
        var table = new LatchTable(1, 100_000, Duration.ofSeconds(60));
        var latch = table.acquire(key(1)).join();
        var served = new AtomicInteger();
        for (int i = 0; i < 50_000; i++) {
            var _ = table.acquire(key(i)).thenAccept(mine -> {
                served.incrementAndGet();
                mine.close();
            });
        }
        var closing = Thread.ofPlatform().start(latch::close);
        closing.join();
        assertEquals(50_000, served.get());
        assertTrue(table.acquire(key(1)).isDone());
    }

    @Test
    void noTwoHoldAKeyAndNoneIsLostWhileDeadlinesPass() throws Exception {
        var random = new SplittableRandom(11);
        for (int round = 0; round < 5; round++) {
            var table = new LatchTable(4, 1000, Duration.ofMillis(2));
            var holders = new AtomicInteger[4];
            Arrays.setAll(holders, _ -> new AtomicInteger());
            var wrong = new AtomicInteger();
            var got = new AtomicInteger();
            var keys = oneKeyOfEachStripe(table);
            var done = new CountDownLatch(4);
            try (var threads = Executors.newFixedThreadPool(4)) {
                for (int t = 0; t < 4; t++) {
                    var own = random.split();
                    var _ = threads.submit(() -> {
                        for (int i = 0; i < 500; i++)
                            once(table, own, keys, holders, wrong, got);
                        done.countDown();
                    });
                }
                assertTrue(done.await(50, TimeUnit.SECONDS));
            }
            assertEquals(0, wrong.get());
            assertTrue(got.get() > 100, "got " + got);
            for (var key : keys)
                table.acquire(key).get(5, TimeUnit.SECONDS).close();
        }
    }

    private static void once(LatchTable table, SplittableRandom random, List<byte[]> keys, AtomicInteger[] holders,
            AtomicInteger wrong, AtomicInteger got) {
        int first = random.nextInt(4);
        int second = random.nextInt(4);
        try (var _ = table.acquire(keys.get(first), keys.get(second)).get(5, TimeUnit.SECONDS)) {
            got.incrementAndGet();
            if (holders[first].incrementAndGet() != 1 || second != first && holders[second].incrementAndGet() != 1)
                wrong.incrementAndGet();
            if (random.nextInt(20) == 0)
                Thread.sleep(0, random.nextInt(900_000));
            holders[first].decrementAndGet();
            if (second != first)
                holders[second].decrementAndGet();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof OverloadedException))
                wrong.incrementAndGet();
        } catch (Exception e) {
            wrong.incrementAndGet();
        }
    }

    /// Keys that do not wait for one another.
    private static List<byte[]> oneKeyOfEachStripe(LatchTable table) throws Exception {
        var keys = new ArrayList<byte[]>();
        var held = new ArrayList<Latch>();
        for (int i = 0; keys.size() < 4; i++) {
            var request = table.acquire(key(i));
            if (request.isDone() && !request.isCompletedExceptionally()) {
                keys.add(key(i));
                held.add(request.get());
            } else {
                var _ = request.thenAccept(Latch::close);
            }
        }
        held.forEach(Latch::close);
        return keys;
    }
}
