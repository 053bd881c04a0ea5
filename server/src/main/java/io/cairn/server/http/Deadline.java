package io.cairn.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// Until when one connection waits for its client. Only time in which the server really waits counts: a body that we are too slow to
/// take is not the client's fault. [#due] may be asked by any thread; the rest belongs to the event loop.
final class Deadline {
    enum Verdict {
        GO_ON, REFUSE, CLOSE
    }

    private enum Phase {
        NONE, IDLE, HEAD, BODY, WRITING, LINGERING
    }

    /// `System.nanoTime()` less this is positive and small enough to be compared.
    private static final long BASE = System.nanoTime();

    private final Limits limits;
    private final Channel channel;
    private volatile long atNanos = Long.MAX_VALUE;
    private Phase phase = Phase.NONE;

    // Of the current window of a body:
    private long windowBytes;
    private long windowWaited;
    private long waitsSince = -1;

    // Of an answer on its way out:
    private long progress = -1;

    Deadline(Limits limits, Channel channel) {
        this.limits = limits;
        this.channel = channel;
    }

    static long now() {
        return System.nanoTime() - BASE;
    }

    boolean due(long now) {
        return now >= atNanos;
    }

    void none() {
        phase = Phase.NONE;
        atNanos = Long.MAX_VALUE;
    }

    void idle() {
        phase = Phase.IDLE;
        atNanos = now() + limits.idleTime().toNanos();
    }

    /// Bytes of a head are there; the first call counts.
    void headBegun() {
        if (phase == Phase.HEAD)
            return;
        phase = Phase.HEAD;
        atNanos = now() + limits.headTime().toNanos();
    }

    void bodyBegun() {
        phase = Phase.BODY;
        windowBytes = 0;
        windowWaited = 0;
        waitsSince = -1;
        atNanos = Long.MAX_VALUE;
    }

    /// The server has asked the socket for more.
    void waits() {
        if (phase != Phase.BODY || waitsSince >= 0)
            return;
        waitsSince = now();
        atNanos = waitsSince + limits.bodyWindow().toNanos() - windowWaited;
    }

    void received(int bytes) {
        if (phase != Phase.BODY)
            return;
        windowBytes += bytes;
        if (waitsSince < 0)
            return;
        windowWaited += now() - waitsSince;
        waitsSince = -1;
        if (windowWaited < limits.bodyWindow().toNanos())
            atNanos = Long.MAX_VALUE;
        // else the window is over: what is there already is judged at the next sweep.
    }

    void writing() {
        phase = Phase.WRITING;
        progress = -1;
        atNanos = now() + limits.idleTime().toNanos();
    }

    void lingering() {
        phase = Phase.LINGERING;
        atNanos = now() + limits.lingerTime().toNanos();
    }

    /// What to do now that the deadline has passed. Sets the next one.
    Verdict check() {
        if (!due(now()))
            return Verdict.GO_ON;
        return switch (phase) {
            case NONE -> Verdict.GO_ON;
            case IDLE, LINGERING -> Verdict.CLOSE;
            case HEAD -> Verdict.REFUSE;
            case BODY -> checkBody();
            case WRITING -> checkWriting();
        };
    }

    private Verdict checkBody() {
        long wanted = Math.multiplyExact(limits.bodyBytesPerSecond(), limits.bodyWindow().toMillis()) / 1000;
        if (windowBytes < wanted)
            return Verdict.REFUSE;
        windowBytes = 0;
        windowWaited = 0;
        if (waitsSince >= 0) {
            waitsSince = -1;
            waits();
        } else {
            atNanos = Long.MAX_VALUE;
        }
        return Verdict.GO_ON;
    }

    /// A reader may be slow, but must take something within each idle time.
    private Verdict checkWriting() {
        long now = progressOf(channel.unsafe().outboundBuffer());
        if (now == progress)
            return Verdict.CLOSE;
        progress = now;
        atNanos = now() + limits.idleTime().toNanos();
        return Verdict.GO_ON;
    }

    private static long progressOf(@Nullable ChannelOutboundBuffer out) {
        if (out == null)
            return -1;
        return 31 * (31 * out.currentProgress() + out.totalPendingWriteBytes()) + System.identityHashCode(out.current());
    }
}
