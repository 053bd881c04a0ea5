package io.cairn.block.internal.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that writes checkpoints and gives up what was deleted: when that is due, and after [#LINGER_SECONDS] at the latest.
final class Tender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tender.class);
    private static final int LINGER_SECONDS = 30;
    private final Runnable whole;
    private final Runnable wanted;
    private final BooleanSupplier due;
    private final Consumer<Throwable> onFailure;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean closing;
    private @Nullable Thread thread;

    /// @param whole all that there is to do, now and then
    /// @param wanted what is due, when it was woken
    /// @param onFailure told why there is no more of this
    Tender(Runnable whole, Runnable wanted, BooleanSupplier due, Consumer<Throwable> onFailure) {
        this.whole = whole;
        this.wanted = wanted;
        this.due = due;
        this.onFailure = onFailure;
    }

    void start() {
        thread = Thread.ofPlatform().name("cairn-volumes-tender").daemon().start(this::run);
    }

    /// Cheap: called after each change.
    void look() {
        if (due.getAsBoolean() && wake.availablePermits() == 0)
            wake.release();
    }

    void wake() {
        wake.release();
    }

    private void run() {
        try {
            while (!closing) {
                boolean woken = wake.tryAcquire(LINGER_SECONDS, TimeUnit.SECONDS);
                wake.drainPermits();
                if (!closing)
                    (woken ? wanted : whole).run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("checkpoints of the block maps have failed; the log keeps what they would have written", e);
            onFailure.accept(e);
        }
    }

    @Override
    public void close() {
        closing = true;
        wake.release();
        if (thread != null)
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
    }
}
