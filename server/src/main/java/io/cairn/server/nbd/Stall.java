package io.cairn.server.nbd;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Ends a connection whose client has stopped in the middle: it sends no more of a payload that it announced, or takes no more of an answer. A client that asks
/// for nothing may be silent as long as it likes. On the event loop.
final class Stall {
    /// What a payload, or an answer, has to come by each second after the first moments.
    static final long MIN_BYTES_A_SECOND = 64 << 10;
    private final Channel channel;
    private final long patienceNanos;
    private final ScheduledFuture<?> look;
    /// When a payload has to be here; 0 when none is expected.
    private long due;
    private long lastCame;
    /// What waited to be sent when that last changed, and since when that is so.
    private long unsent;
    private long unsentSince;

    /// @param patience before anything is late
    Stall(Channel channel, Duration patience) {
        this.channel = channel;
        patienceNanos = patience.toNanos();
        long every = Math.max(1, patience.toMillis() / 4);
        look = channel.eventLoop().scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    /// So many bytes are to come; 0 for none.
    void expect(long bytes) {
        lastCame = System.nanoTime();
        due = bytes == 0 ? 0 : lastCame + patienceNanos + bytes / MIN_BYTES_A_SECOND * 1_000_000_000;
    }

    /// Some of it has come.
    void came() {
        lastCame = System.nanoTime();
    }

    /// All has come.
    void arrived() {
        due = 0;
    }

    private void look() {
        long now = System.nanoTime();
        var buffer = channel.unsafe().outboundBuffer();
        long waiting = buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
        if (waiting == 0 || waiting != unsent) {
            unsent = waiting;
            unsentSince = now;
        }
        if (due != 0 && (now - due > 0 || now - lastCame > patienceNanos) || waiting > 0 && now - unsentSince > patienceNanos) {
            var _ = channel.close();
        }
    }

    void end() {
        look.cancel(false);
    }
}
