package io.cairn.kv.testkit;

import io.cairn.kv.KvStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A store under test with the machine that it runs on. One history.
public interface KvSubject extends AutoCloseable {
    /// Opens the store, the first time or again.
    KvStore open();

    /// The power is cut after so many more operations of the machine.
    void cutAfter(int operations);

    /// Cuts the power now, whatever is under way: nothing is there but what was synced, and perhaps some of the rest. The store is gone;
    /// [#open] is next.
    void crash(KvStore store);

    /// Lets the store do what goes on without being asked, and waits for it. It does so at no other time.
    void tend(KvStore store);

    Clock clock();

    @Override
    void close();

    /// Stands still between steps.
    final class Clock implements InstantSource {
        private volatile Instant now;
        private final Duration most;

        /// @param most it goes on by so much at a time
        Clock(Instant begin, Duration most) {
            this.now = begin;
            this.most = most;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void advance(Duration by) {
            now = now.plus(by.compareTo(most) > 0 ? most : by);
        }
    }
}
