package io.cairn.replication.internal.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Lets through so many bytes a second, and a byte more for each that the log takes meanwhile: cleaning keeps up with whoever
/// makes it necessary, and takes a stated share at most when nobody writes. Unused turns are kept for one second.
final class Pace {
    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private final long bytesPerSecond;
    private final LongSupplier loggedBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double credit;
    private long lastNanos = System.nanoTime();
    private long lastLogged;
    private boolean ended;

    Pace(long bytesPerSecond, LongSupplier loggedBytes) {
        this.bytesPerSecond = bytesPerSecond;
        this.loggedBytes = loggedBytes;
        this.lastLogged = loggedBytes.getAsLong();
    }

    /// Waits for a turn; `false` when there will be none because this was ended.
    boolean take(long bytes) {
        lock.lock();
        try {
            refill();
            while (credit < 0 && !ended) {
                if (changed.awaitNanos(RECHECK_NANOS) <= 0)
                    refill();
            }
            credit -= bytes;
            return !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void refill() {
        long now = System.nanoTime();
        long logged = loggedBytes.getAsLong();
        double most = bytesPerSecond + (double) (logged - lastLogged);
        credit = Math.min(most, credit + (now - lastNanos) / 1e9 * bytesPerSecond + (logged - lastLogged));
        lastNanos = now;
        lastLogged = logged;
    }

    boolean ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /// Waits so long, or until the end: `false` then.
    boolean rest(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !ended)
                left = changed.awaitNanos(left);
            return !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
