package io.cairn.bench.score;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One line of the scoreboard: the same work done by several contestants in alternating rounds.
///
/// @param id short, stable: `put-4k`
/// @param method how it was measured and how answers were checked
/// @param subject the contestant that the goals are for
/// @param scores of all contestants, the subject's first
/// @param profile where the subject's CPU time went, method or class of work and share of 1; empty when that was not asked for
public record Figure(String id, String title, String method, Unit unit, String subject, List<Goal> goals, List<Score> scores,
        List<HotSpot> profile) {
    /// @param share of the CPU samples, 0 to 1
    public record HotSpot(String where, double share) {}

    public Figure {
        goals = List.copyOf(goals);
        scores = List.copyOf(scores);
        profile = List.copyOf(profile);
    }

    public Score.@Nullable Measured measured(String contestant) {
        for (var score : scores)
            if (score instanceof Score.Measured measured && measured.contestant().equals(contestant))
                return measured;
        return null;
    }

    /// The subject's median divided by that of `peer`, `NaN` when one of them was not measured.
    public double ratioTo(String peer) {
        var ours = measured(subject);
        var theirs = measured(peer);
        return ours == null || theirs == null ? Double.NaN : ours.value().median() / theirs.value().median();
    }

    /// [#ratioTo] of every contestant measured but the subject.
    public Map<String, Double> ratios() {
        var ratios = new TreeMap<String, Double>();
        for (var score : scores)
            if (!score.contestant().equals(subject) && !Double.isNaN(ratioTo(score.contestant())))
                ratios.put(score.contestant(), ratioTo(score.contestant()));
        return ratios;
    }

    public Figure withProfile(List<HotSpot> spots) {
        return new Figure(id, title, method, unit, subject, goals, scores, spots);
    }
}
