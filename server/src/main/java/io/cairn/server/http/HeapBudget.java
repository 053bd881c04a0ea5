package io.cairn.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// How much of the heap large bodies and answers of all requests together take: at most a fourth. Each exchange has its share
/// ([Exchange#takeHeap]) until its answer is sent or its connection lost. Bodies get no more of it when half is taken: whoever sends many that never
/// end leaves the other half for answers. What is small is not counted: the bound on connections bounds it.
/// Any thread.
final class HeapBudget {
    private static final int PART = 4;
    private final AtomicLong taken = new AtomicLong();
    private final long limit;

    HeapBudget(long heapBytes) {
        this.limit = heapBytes / PART;
    }

    /// For an answer. False when there is not so much left.
    boolean take(long bytes) {
        return take(bytes, limit);
    }

    /// For a body.
    boolean takeForBody(long bytes) {
        return take(bytes, limit / 2);
    }

    private boolean take(long bytes, long most) {
        long now = taken.addAndGet(bytes);
        if (now <= most)
            return true;
        taken.addAndGet(-bytes);
        return false;
    }

    /// What an exchange has more than it took, or less, whatever is left.
    void change(long bytes) {
        taken.addAndGet(bytes);
    }

    long taken() {
        return taken.get();
    }
}
