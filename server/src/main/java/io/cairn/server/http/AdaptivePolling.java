package io.cairn.server.http;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.LongSupplier;

/// Looks for the next event a little longer before it lets the thread sleep, if events have been coming so close to one another. Waking a processor that
/// has gone idle takes 20 to 30 us, which is more than most requests do, and a client that waits for each answer pays it with every request. A loop whose
/// events are further apart sleeps at once, so an idle server takes no processor. Other threads that can run go first.
///
/// How long is found as the KVM hypervisor finds `halt_poll_ns`: an event that came soon after falling asleep makes it longer, one that came late makes it nothing.
/// One for each loop, on its thread.
final class AdaptivePolling implements SelectStrategy {
    static final long MAX_NANOS = 100_000;
    private static final long START_NANOS = 20_000;

    private final LongSupplier clock;
    private long nanos;
    private long idleSince;
    private boolean idle;
    private boolean slept;

    /// @param clock of [System#nanoTime]'s kind
    AdaptivePolling(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // it yields for others' sake, and is right if the scheduler does nothing
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (slept) {
            slept = false;
            idle = false;
            nanos = clock.getAsLong() - idleSince > MAX_NANOS ? 0 : Math.min(MAX_NANOS, Math.max(START_NANOS, 2 * nanos));
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
        if (now - idleSince < nanos) {
            Thread.yield();
            return CONTINUE;
        }
        slept = true;
        return SELECT;
    }
}
