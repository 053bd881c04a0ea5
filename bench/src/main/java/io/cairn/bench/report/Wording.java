package io.cairn.bench.report;

import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Round;
import io.cairn.bench.score.Score;
import io.cairn.bench.score.Spread;
import java.util.Locale;
import java.util.stream.Collectors;

/// Numbers and goals in words, the same in every form of the report.
final class Wording {
    private Wording() {}

    /// Three digits or more that mean something, `-` for what was not measured.
    static String number(double value) {
        if (Double.isNaN(value))
            return "-";
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }

    static String ends(Spread spread) {
        return number(spread.min()) + " .. " + number(spread.max());
    }

    static String rounds(Score.Measured score) {
        return score.rounds().stream().map(Round::value).map(Wording::number).collect(Collectors.joining(", "));
    }

    static String goal(Goal goal, Figure figure) {
        var unit = figure.unit().symbol();
        return switch (goal) {
            case Goal.AtLeast(var value) -> ">= " + number(value) + " " + unit;
            case Goal.AtMost(var value) -> "<= " + number(value) + " " + unit;
            case Goal.CpuAtMost(var micros) -> "<= " + number(micros) + " us CPU";
            case Goal.TimesPeer(var peer, var factor) -> ">= " + number(factor) + " x " + peer;
        };
    }

    static String verdict(Goal goal, Figure figure) {
        return switch (goal.judge(figure)) {
            case REACHED -> "reached";
            case MISSED -> "missed";
            case UNKNOWN -> "not known";
        };
    }

    static String goals(Figure figure) {
        return figure.goals().stream().map(goal -> goal(goal, figure) + ": " + verdict(goal, figure))
                .collect(Collectors.joining("; "));
    }

    static String ratios(Figure figure) {
        return figure.ratios().entrySet().stream().map(ratio -> number(ratio.getValue()) + " x " + ratio.getKey())
                .collect(Collectors.joining(", "));
    }

    static String profile(Figure figure) {
        return figure.profile().stream().map(spot -> String.format(Locale.ROOT, "%.1f %% %s", spot.share() * 100, spot.where()))
                .collect(Collectors.joining(", "));
    }
}
