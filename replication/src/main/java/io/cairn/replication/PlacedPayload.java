package io.cairn.replication;

import java.nio.ByteBuffer;

/// The payload of an extent that depends on where it lies: bytes that are encrypted with their address for a nonce. Whoever gives one leaves what it is made
/// of as it is until the extent is written.
@FunctionalInterface
public interface PlacedPayload {
    /// Writes `at.length()` bytes at the position of `into`, which has room for exactly those, and moves it behind them. Called at most once, by the thread that
    /// writes the log: be quick. A failure fails the log, as one of its disk does.
    ///
    /// @param at the place, which is final
    void writeTo(Extent at, ByteBuffer into);
}
