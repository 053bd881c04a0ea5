package io.cairn.server.http;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/// Looks for the next event a little longer before it lets the thread sleep, if events have been coming so close to one another. Waking a processor that
/// has gone idle takes 20 to 30 us, which is more than most requests do, and a client that waits for each answer pays it with every request. A loop whose
/// events are further apart sleeps at once, so an idle server takes no processor. Other threads that can run go first: yields that take long
/// say that there are more of those than processors, and then looking would cost others more than it gains, so nothing is looked for for a while.
///
/// How long is found as the KVM hypervisor finds `halt_poll_ns`: an event that came soon after falling asleep makes it longer, one that came late makes it nothing.
/// One for each loop, on its thread.
final class AdaptivePolling implements SelectStrategy {
    static final long MAX_NANOS = 100_000;
    private static final long START_NANOS = 20_000;
    static final long LONG_YIELD_NANOS = 30_000;
    /// One after the other. A single one may be the thread that this loop has just given something to do.
    static final int LONG_YIELDS = 3;
    static final long REST_NANOS = 1_000_000;

    private final LongSupplier clock;
    private final Runnable yield;
    private long nanos;
    private long idleSince;
    private boolean idle;
    private boolean slept;
    private int longYields;
    private boolean resting;
    private long restsSince;

    @SuppressWarnings("ThreadPriorityCheck") // it yields for others' sake, and is right if the scheduler does nothing
    AdaptivePolling() {
        this(System::nanoTime, Thread::yield);
    }

    /// @param clock of [System#nanoTime]'s kind
    /// @param yield lets other threads run, if there are any that can
    AdaptivePolling(LongSupplier clock, Runnable yield) {
        this.clock = clock;
        this.yield = yield;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (slept) {
            slept = false;
            idle = false;
            adapt(clock.getAsLong());
        }
        int ready = selectNow.get();
        if (ready > 0 || hasTasks) {
            idle = false;
            return ready;
        }
        if (nanos == 0) {
            // The common case of a loop with little to do asks for the time once per sleep.
            idleSince = clock.getAsLong();
            slept = true;
            return SELECT;
        }
        long now = clock.getAsLong();
        if (!idle) {
            idle = true;
            idleSince = now;
        }
        if (now - idleSince >= nanos) {
            slept = true;
            return SELECT;
        }
        yield.run();
        long after = clock.getAsLong();
        longYields = after - now > LONG_YIELD_NANOS ? longYields + 1 : 0;
        if (longYields == LONG_YIELDS) {
            longYields = 0;
            nanos = 0;
            resting = true;
            restsSince = after;
        }
        return CONTINUE;
    }

    private void adapt(long now) {
        resting = resting && now - restsSince < REST_NANOS;
        nanos = resting || now - idleSince > MAX_NANOS ? 0 : Math.min(MAX_NANOS, Math.max(START_NANOS, 2 * nanos));
    }
}
