package io.cairn.bench.report;

import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Score.Measured;
import java.util.List;
import java.util.Locale;

/// One figure drawn: a bar to the median of each contestant, a dot for every round, a dashed line where the goal is. The scale begins at 0.
final class Plot {
    private static final int LABELS = 150;
    private static final int CHARACTER = 7; // about, at 13 px
    private static final int BARS = 520;
    private static final int VALUES = 110;
    private static final int ROW = 26;

    private Plot() {}

    /// An `svg` element with a line end, or nothing when nobody was measured.
    static String of(Figure figure) {
        var measured = figure.scores().stream().filter(Measured.class::isInstance).map(Measured.class::cast).toList();
        if (measured.isEmpty())
            return "";
        double goal = goal(figure);
        double most = Math.max(Double.isNaN(goal) ? 0 : goal,
                measured.stream().mapToDouble(score -> score.value().max()).max().orElse(0));
        double scale = most > 0 ? BARS / most : 0;
        int labels = Math.max(LABELS,
                8 + CHARACTER * measured.stream().mapToInt(score -> score.contestant().length()).max().orElse(0));
        int height = ROW * measured.size() + 4;
        var out = new StringBuilder("<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n".formatted(
                labels + BARS + VALUES, height, labels + BARS + VALUES, height).replace("\r\n", "\n"));
        out.append("<title>").append(HtmlReport.text(figure.title())).append("</title>\n");
        for (int i = 0; i < measured.size(); i++)
            bar(out, figure, measured, i, labels, scale);
        if (!Double.isNaN(goal))
            out.append(String.format(Locale.ROOT,
                    "<line x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\" stroke=\"#b3261e\" stroke-dasharray=\"5 4\"/>\n",
                    labels + goal * scale, labels + goal * scale, height));
        return out.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder out, Figure figure, List<Measured> measured, int row, int labels, double scale) {
        var score = measured.get(row);
        int top = row * ROW + 4;
        var colour = score.contestant().equals(figure.subject()) ? "#2a6fbb" : "#a9b7c6";
        out.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", labels - 8, top + 14,
                HtmlReport.text(score.contestant())));
        out.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", labels, top,
                score.value().median() * scale, ROW - 8, colour));
        for (var round : score.rounds())
            out.append(
                    String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%d\" r=\"3\" fill=\"#1d2733\" fill-opacity=\"0.6\"/>\n",
                            labels + round.value() * scale, top + (ROW - 8) / 2));
        out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>\n", labels + score.value().max() * scale + 8,
                top + 14,
                Wording.number(score.value().median())));
    }

    /// Where the goal stands on the figure's own scale, if it has one there and can be told.
    private static double goal(Figure figure) {
        for (var goal : figure.goals())
            switch (goal) {
                case Goal.AtLeast(var value) -> {
                    return value;
                }
                case Goal.AtMost(var value) -> {
                    return value;
                }
                case Goal.TimesPeer(var peer, var factor) -> {
                    var measured = figure.measured(peer);
                    return measured == null ? Double.NaN : factor * measured.value().median();
                }
                case Goal.CpuAtMost cpu -> {
                    continue;
                }
            }
        return Double.NaN;
    }
}
