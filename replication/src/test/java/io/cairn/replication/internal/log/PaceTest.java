package io.cairn.replication.internal.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How long copies wait for their turn. Lower bounds of time only: a busy machine may take longer.
final class PaceTest {
    private static final long NOBODY_WAITS_SO_LONG = Duration.ofHours(1).toNanos();

    private static long nanos(Runnable action) {
        long begun = System.nanoTime();
        action.run();
        return System.nanoTime() - begun;
    }

    @Test
    void whatWasTakenIsWaitedForByTheNext() {
        var pace = new Pace(1_000_000, () -> 0);
        assertTrue(pace.take(300_000), "the first goes at once");
        assertTrue(nanos(() -> assertTrue(pace.take(1))) >= 200_000_000, "300,000 bytes take 0.3 s, a little may have passed");
    }

    @Test
    void unusedTurnsAreKeptForOneSecondOnly() throws InterruptedException {
        var pace = new Pace(100_000, () -> 0);
        Thread.sleep(1500);
        assertTrue(pace.take(100_000));
        assertTrue(pace.take(30_000), "the second's worth is used up, not overdrawn");
        assertTrue(nanos(() -> assertTrue(pace.take(1))) >= 200_000_000, "half a second more was not kept");
    }

    @Test
    void aByteThatIsLoggedLetsAByteMoreThrough() throws Exception {
        var logged = new AtomicLong(1L << 40);
        var pace = new Pace(1, logged::get); // by itself a byte a second
        assertTrue(pace.take(1_000_000));
        var next = CompletableFuture.supplyAsync(() -> pace.take(1));
        Thread.sleep(100);
        assertFalse(next.isDone(), "what was logged before it began counts for nothing");
        logged.addAndGet(1_000_000);
        assertTrue(next.get(60, TimeUnit.SECONDS));
    }

    @Test
    void theEndLetsNobodyThroughAndWakesWhoWaits() throws Exception {
        var pace = new Pace(1, () -> 0);
        assertTrue(pace.take(1L << 40));
        var taking = CompletableFuture.supplyAsync(() -> pace.take(1));
        var resting = CompletableFuture.supplyAsync(() -> pace.rest(NOBODY_WAITS_SO_LONG));
        Thread.sleep(50);
        assertFalse(taking.isDone() || resting.isDone() || pace.ended());
        pace.end();
        assertFalse(taking.get(60, TimeUnit.SECONDS));
        assertFalse(resting.get(60, TimeUnit.SECONDS));
        assertTrue(pace.ended());
        assertFalse(pace.take(0));
        assertFalse(pace.rest(1));
    }

    @Test
    void aRestLastsAsLongAsItShouldAndAnInterruptEndsIt() {
        var pace = new Pace(1, () -> 0);
        assertTrue(nanos(() -> assertTrue(pace.rest(50_000_000))) >= 50_000_000);
        Thread.currentThread().interrupt();
        assertFalse(pace.rest(NOBODY_WAITS_SO_LONG));
        assertTrue(Thread.interrupted());
        assertTrue(pace.take(10));
        Thread.currentThread().interrupt();
        assertFalse(pace.take(1));
        assertTrue(Thread.interrupted());
    }
}
