package io.cairn.replication;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Short exclusive holds on keys while a batch is evaluated, ordered and applied: who holds a key's latch may read it and propose from what was
/// read. Any thread may take and any other release.
///
/// Keys are hashed onto stripes; a request takes its stripes in ascending order, each once, so requests never wait for one another in a
/// circle. Waiting is first come, first served, and bounded in number and time: past either bound it fails with [OverloadedException].
public final class LatchTable {
    private static final ThreadLocal<ArrayDeque<Request>> TURN = ThreadLocal.withInitial(ArrayDeque::new);
    private final Stripe[] stripes;
    private final int maxWaiting;
    private final Duration maxWait;

    public LatchTable() {
        this(4096, 1024, Duration.ofSeconds(30));
    }

    /// @param stripes a power of two
    /// @param maxWaiting requests that may wait for one stripe
    public LatchTable(int stripes, int maxWaiting, Duration maxWait) {
        if (Integer.bitCount(stripes) != 1)
            throw new IllegalArgumentException("stripes must be a power of two: " + stripes);
        this.stripes = new Stripe[stripes];
        Arrays.setAll(this.stripes, _ -> new Stripe());
        this.maxWaiting = maxWaiting;
        this.maxWait = maxWait;
    }

    /// Takes the latches of `keys`. The future completes at once when nobody holds them, else on the thread of the one who
    /// releases the last of them.
    public CompletableFuture<Latch> acquire(byte[]... keys) {
        var wanted = new int[keys.length];
        for (int i = 0; i < keys.length; i++)
            wanted[i] = stripeOf(keys[i]);
        if (wanted.length > 1)
            wanted = Arrays.stream(wanted).sorted().distinct().toArray();
        var request = new Request(wanted);
        request.advance();
        // The timer is only for those who wait.
        return request.acquired.isDone() ? request.acquired : request.withDeadline();
    }

    private int stripeOf(byte[] key) {
        int hash = Arrays.hashCode(key) * 0x9E3779B9;
        return hash >>> 1 >>> 31 - Integer.numberOfTrailingZeros(stripes.length); // a shift by 32 would be none
    }

    /// Latches that are held until closed. Closing twice does nothing.
    public interface Latch extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Stripe {
        private @Nullable Request holder;
        private final ArrayDeque<Request> waiting = new ArrayDeque<>(0);
    }

    private final class Request implements Latch {
        private final int[] wanted;
        private final CompletableFuture<Latch> acquired = new CompletableFuture<>();
        /// How many of `wanted` are held; guarded by this.
        private int held;
        private boolean ended;

        Request(int[] wanted) {
            this.wanted = wanted;
        }

        /// Takes stripes until one is held by another; that one's release comes back here.
        void advance() {
            while (true) {
                Stripe stripe;
                boolean ended;
                synchronized (this) {
                    if (held == wanted.length)
                        break;
                    stripe = stripes[wanted[held]];
                    ended = this.ended;
                }
                if (ended) {
                    leaveQueue(stripe); // it may have been handed over after the deadline
                    return;
                }
                synchronized (stripe) {
                    if (stripe.holder == null)
                        stripe.holder = this;
                    if (stripe.holder != this) {
                        if (stripe.waiting.size() >= maxWaiting) {
                            acquired.completeExceptionally(
                                    new OverloadedException(maxWaiting + " requests wait for the same key"));
                            break;
                        }
                        stripe.waiting.add(this);
                        return;
                    }
                }
                synchronized (this) {
                    ended = this.ended;
                    if (!ended)
                        held++;
                }
                if (ended) {
                    leaveQueue(stripe);
                    return;
                }
            }
            if (acquired.isCompletedExceptionally() || !acquired.complete(this))
                close();
        }

        CompletableFuture<Latch> withDeadline() {
            return acquired.orTimeout(maxWait.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(failure -> {
                close();
                return CompletableFuture.failedFuture(failure instanceof TimeoutException
                        ? new OverloadedException("waited " + maxWait.toSeconds() + " s for a key that others hold")
                        : failure);
            });
        }

        @Override
        public void close() {
            int count;
            synchronized (this) {
                if (ended)
                    return;
                ended = true;
                count = held;
            }
            for (int i = 0; i < count; i++)
                release(stripes[wanted[i]]);
            if (count < wanted.length)
                leaveQueue(stripes[wanted[count]]);
        }

        private void leaveQueue(Stripe stripe) {
            synchronized (stripe) {
                stripe.waiting.remove(this);
            }
            release(stripe); // it may have been handed over just now
        }

        /// Hands the stripe on if this request holds it: looking and handing on are one step, or two threads would both hand it on.
        private void release(Stripe stripe) {
            Request next;
            synchronized (stripe) {
                if (stripe.holder != this)
                    return;
                next = stripe.waiting.poll();
                stripe.holder = next;
            }
            if (next != null)
                advanceInTurn(next);
        }
    }

    /// Requests that were handed a stripe go on one after another, not one inside another: whoever gets a latch may close it at once,
    /// and a thousand such in a row would overflow the stack.
    private static void advanceInTurn(Request request) {
        var turn = TURN.get();
        turn.add(request);
        if (turn.size() > 1)
            return; // the loop below, further down this thread's stack, comes to it
        try {
            for (var next = turn.peek(); next != null; next = turn.peek()) {
                next.advance();
                turn.remove();
            }
        } finally {
            if (turn.isEmpty())
                TURN.remove();
            else
                turn.clear();
        }
    }
}
