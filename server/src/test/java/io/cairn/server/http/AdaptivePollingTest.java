package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.SelectStrategy;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AdaptivePollingTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 500_000); // which wraps around
    /// How long the next yield takes.
    private long yield;
    private final AdaptivePolling polling = new AdaptivePolling(clock::get, () -> clock.addAndGet(yield));

    /// What a loop does from an event to the next, which comes after so many nanoseconds; how often it looked in vain.
    private int eventAfter(long nanos) throws Exception {
        long due = clock.get() + nanos;
        int looks = 0;
        while (true) {
            int strategy = polling.calculateStrategy(() -> clock.get() - due >= 0 ? 1 : 0, false);
            if (strategy == 1)
                return looks;
            if (strategy == SelectStrategy.SELECT) { // the kernel wakes it then
                clock.set(due);
                assertEquals(1, polling.calculateStrategy(() -> 1, false));
                return looks;
            }
            assertEquals(SelectStrategy.CONTINUE, strategy);
            looks++;
            clock.addAndGet(1000);
        }
    }

    @Test
    void eventsThatAreFarApartAreSleptFor() throws Exception {
        for (int i = 0; i < 100; i++)
            assertEquals(0, eventAfter(1_000_000));
    }

    @Test
    void eventsThatFollowOneAnotherAreWaitedForAwake() throws Exception {
        for (int i = 0; i < 5; i++)
            eventAfter(40_000);
        assertEquals(40, eventAfter(40_000));
        assertEquals(5, eventAfter(5000));
    }

    @Test
    void aPauseEndsIt() throws Exception {
        for (int i = 0; i < 5; i++)
            eventAfter(40_000);
        assertEquals(40, eventAfter(50_000_000), "it looks once more as long as it had to");
        assertEquals(0, eventAfter(50_000_000));
        assertEquals(0, eventAfter(40_000), "and is asleep when they begin to come fast again");
        assertTrue(eventAfter(40_000) > 0);
    }

    @Test
    void neverLongerThanTheBound() throws Exception {
        for (int i = 0; i < 20; i++)
            assertTrue(eventAfter(AdaptivePolling.MAX_NANOS - 1) <= AdaptivePolling.MAX_NANOS / 1000);
        assertEquals(AdaptivePolling.MAX_NANOS / 1000, eventAfter(50_000_000));
    }

    /// Another thread wants the processor: nothing is looked for, for a while.
    @Test
    void whoIsWaitedForByOthersSleeps() throws Exception {
        for (int i = 0; i < 5; i++)
            eventAfter(40_000);
        yield = AdaptivePolling.LONG_YIELD_NANOS + 1;
        assertEquals(2, eventAfter(40_000), "one long yield, and another, are nothing to go by");
        assertEquals(1, eventAfter(40_000));
        yield = 0;
        for (long rested = 0; rested < AdaptivePolling.REST_NANOS - 100_000; rested += 40_000)
            assertEquals(0, eventAfter(40_000));
        for (int i = 0; i < 10; i++)
            eventAfter(40_000);
        assertEquals(40, eventAfter(40_000), "and then it looks again");
    }

    @Test
    void tasksAreCarriedOutAtOnce() throws Exception {
        assertEquals(0, polling.calculateStrategy(() -> 0, true));
        assertEquals(3, polling.calculateStrategy(() -> 3, true));
    }
}
