package io.cairn.replication.internal.log;

import java.util.Optional;

/// Which entry may follow which: within an epoch the sequence goes up by one, a later epoch begins with 1, an earlier one never
/// comes back. Every replica refuses alike, so a refused parent never lets a child through.
public final class SequenceRule {
    private SequenceRule() {}

    /// What is wrong with an entry after `(epoch, sequence)`, or nothing.
    public static Optional<String> check(long epoch, long sequence, long nextEpoch, long nextSequence) {
        if (nextEpoch < epoch)
            return Optional.of("entry of epoch " + nextEpoch + " after one of epoch " + epoch);
        long expected = nextEpoch == epoch ? sequence + 1 : 1;
        if (nextSequence != expected)
            return Optional
                    .of("entry with sequence " + nextSequence + " of epoch " + nextEpoch + " where " + expected + " is due");
        return Optional.empty();
    }
}
