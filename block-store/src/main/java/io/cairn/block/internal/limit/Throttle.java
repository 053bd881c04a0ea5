package io.cairn.block.internal.limit;

import io.cairn.block.VolumeLimits;
import io.cairn.block.VolumeLimits.Rate;
import java.util.ArrayList;
import java.util.List;

/// The token buckets of one volume. A rate with a burst has two, of the credits and of the burst's own speed. Any thread.
final class Throttle {
    /// What was not used of a steady rate can be made up for within so many seconds: clients' requests do not come evenly.
    private static final double SLACK_SECONDS = 0.1;
    private final VolumeLimits limits;
    private final List<TokenBucket> operations;
    private final List<TokenBucket> bytes;

    Throttle(VolumeLimits limits, long now) {
        this.limits = limits;
        operations = buckets(limits.operations(), now);
        bytes = buckets(limits.bytes(), now);
    }

    private static List<TokenBucket> buckets(Rate rate, long now) {
        var buckets = new ArrayList<TokenBucket>();
        if (rate.isUnlimited())
            return buckets;
        buckets.add(new TokenBucket(rate.burstPerSecond(), rate.burstPerSecond() * SLACK_SECONDS, now));
        if (rate.credits() > 0)
            buckets.add(new TokenBucket(rate.perSecond(), rate.credits(), now));
        return buckets;
    }

    /// Takes what a request of so many bytes costs, and gives how many nanoseconds it has to wait.
    synchronized long take(long requestBytes, long now) {
        long count = Math.max(1, (requestBytes + limits.operationBytes() - 1) / limits.operationBytes());
        long wait = 0;
        for (var bucket : operations)
            wait = Math.max(wait, bucket.take(count, now));
        for (var bucket : bytes)
            wait = Math.max(wait, bucket.take(requestBytes, now));
        return wait;
    }

    VolumeLimits limits() {
        return limits;
    }
}
