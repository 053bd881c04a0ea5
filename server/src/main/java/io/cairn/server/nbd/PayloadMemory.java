package io.cairn.server.nbd;

import java.util.ArrayDeque;

/// What payloads of all connections may take of memory at once, so that clients who announce much and send nothing, or ask for much and take nothing, leave
/// something to others. Who finds no room for a large payload waits in line; the first is served first. Small ones pass. Any thread.
final class PayloadMemory {
    private final long maxBytes;
    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    private long usedBytes;
    private volatile boolean full;
    private volatile boolean tight;

    private record Waiting(long bytes, Runnable granted) {}

    PayloadMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// As much of this JVM's direct memory as payloads may take: a quarter, 64 to 256 MiB.
    static PayloadMemory ofThisProcess() {
        return new PayloadMemory(Math.clamp(Runtime.getRuntime().maxMemory() / 4, 64L << 20, 256L << 20));
    }

    /// Takes so many bytes, which is at most all there are; if they are not to be had now, `false`, and `granted` runs once they were taken, on whatever
    /// thread gave some back: also when whoever waited is gone.
    synchronized boolean take(long bytes, Runnable granted) {
        if ((bytes == 0 || line.isEmpty()) && usedBytes + bytes <= maxBytes) {
            usedBytes += bytes;
            look();
            return true;
        }
        line.add(new Waiting(bytes, granted));
        return false;
    }

    /// Counts bytes of small requests, which are there already: more than there is room for makes the next ones wait.
    synchronized void count(long bytes) {
        usedBytes += bytes;
        look();
    }

    private void look() {
        full = usedBytes > maxBytes;
        tight = usedBytes > maxBytes / 2;
    }

    /// Whether small requests have taken more than there is: a glance, without a lock. Then even nothing is not to be had.
    boolean isFull() { return full; }

    /// Whether more than half is taken: who has answers that its client does not take should make no more of them.
    boolean isTight() { return tight; }

    void giveBack(long bytes) {
        var served = new ArrayDeque<Runnable>(0);
        synchronized (this) {
            usedBytes -= bytes;
            while (!line.isEmpty() && usedBytes + line.element().bytes <= maxBytes) {
                var next = line.remove();
                usedBytes += next.bytes;
                served.add(next.granted);
            }
            look();
        }
        served.forEach(Runnable::run);
    }

    /// Bytes that are taken now.
    synchronized long usedBytes() {
        return usedBytes;
    }
}
