package io.cairn.bench.score;

import java.util.List;

/// How one contestant did in one figure.
public sealed interface Score {
    String contestant();

    /// @param rounds in the order in which they were run, at least one
    record Measured(String contestant, List<Round> rounds) implements Score {
        public Measured {
            rounds = List.copyOf(rounds);
            if (rounds.isEmpty())
                throw new IllegalArgumentException(contestant + ": a score needs a round");
        }

        public Spread value() {
            return Spread.of(rounds.stream().map(Round::value).toList());
        }

        public Spread serverCpuMicros() {
            return Spread.of(rounds.stream().map(Round::serverCpuMicros).toList());
        }

        public Spread clientCpuMicros() {
            return Spread.of(rounds.stream().map(Round::clientCpuMicros).toList());
        }
    }

    /// There is no figure, and why: an answer was wrong or did not come, or the contestant has no such operation.
    record Absent(String contestant, String reason) implements Score {}
}
