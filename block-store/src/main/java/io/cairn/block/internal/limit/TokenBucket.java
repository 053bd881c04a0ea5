package io.cairn.block.internal.limit;

/// A token bucket as one number, the time at which it will be full if nothing more is taken (the generic cell rate algorithm; ITU-T I.371, annex A): to take a
/// token moves it by what a token takes to come back, and it is never further in the past than a whole bucket. Tokens are lent: who takes more than there are
/// is told how long to wait, and waits behind all before. Not safe for threads by itself.
final class TokenBucket {
    private static final double SECOND = 1e9;
    private final double nanosPerToken;
    private final double depthNanos;
    private final long origin;
    /// After `origin`, which keeps it small enough for a double to be exact.
    private double fullAt;

    /// Full.
    ///
    /// @param depth how many tokens it has room for
    TokenBucket(long perSecond, double depth, long now) {
        nanosPerToken = SECOND / perSecond;
        depthNanos = depth * nanosPerToken;
        origin = now;
        fullAt = -depthNanos;
    }

    /// Takes tokens, and gives how many nanoseconds from `now` on they will have been there.
    long take(long tokens, long now) {
        double at = now - origin;
        fullAt = Math.max(fullAt, at - depthNanos) + tokens * nanosPerToken;
        return Math.max(0, (long) Math.ceil(fullAt - at));
    }
}
