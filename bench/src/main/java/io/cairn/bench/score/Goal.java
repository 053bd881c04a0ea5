package io.cairn.bench.score;

/// What a figure's subject is to reach: its median is held against it.
public sealed interface Goal {
    /// Whether a goal was reached, where that can be told.
    enum Verdict {
        REACHED, MISSED, UNKNOWN
    }

    /// The figure's value is at least this, in its unit.
    record AtLeast(double value) implements Goal {}

    /// The figure's value is at most this, in its unit.
    record AtMost(double value) implements Goal {}

    /// The contestant's processes take at most this much CPU time an operation.
    record CpuAtMost(double micros) implements Goal {}

    /// The value is at least `factor` times that of a peer in the same run.
    record TimesPeer(String peer, double factor) implements Goal {}

    /// The verdict on `figure`'s subject; unknown when it, or the peer that the goal names, was not measured.
    default Verdict judge(Figure figure) {
        var subject = figure.measured(figure.subject());
        if (subject == null)
            return Verdict.UNKNOWN;
        double value = subject.value().median();
        return switch (this) {
            case AtLeast(var least) -> verdict(value, value >= least);
            case AtMost(var most) -> verdict(value, value <= most);
            case CpuAtMost(var micros) ->
                verdict(subject.serverCpuMicros().median(), subject.serverCpuMicros().median() <= micros);
            case TimesPeer(var peer, var factor) -> verdict(figure.ratioTo(peer), figure.ratioTo(peer) >= factor);
        };
    }

    private static Verdict verdict(double measured, boolean reached) {
        return Double.isNaN(measured) ? Verdict.UNKNOWN : reached ? Verdict.REACHED : Verdict.MISSED;
    }
}
