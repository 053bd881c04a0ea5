package io.cairn.bench.report;

import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Score;
import io.cairn.bench.score.Scoreboard;
import java.util.List;

/// The scoreboard as Markdown tables. Stateless; any thread.
public final class MarkdownReport {
    private MarkdownReport() {}

    /// Ends with a line end. The same scoreboard gives the same text.
    public static String of(Scoreboard board) {
        var out = new StringBuilder(
                "# Scoreboard: " + board.suite() + "\n\n`" + board.command() + "`, begun " + board.begun() + "\n");
        for (var warning : board.warnings())
            out.append("\n**Warning:** ").append(warning).append('\n');
        out.append("\n## Goals\n\n");
        row(out, "line", "median", "unit", "CPU us/op", "goal", "ratio");
        rule(out, 6);
        for (var figure : board.figures()) {
            var subject = figure.measured(figure.subject());
            row(out, figure.title(), subject == null ? "-" : Wording.number(subject.value().median()), figure.unit().symbol(),
                    subject == null ? "-" : Wording.number(subject.serverCpuMicros().median()), Wording.goals(figure),
                    Wording.ratios(figure));
        }
        out.append("\n## Figures\n");
        board.figures().forEach(figure -> figure(out, board, figure));
        out.append("\n## Limits of this machine\n\n");
        row(out, "limit", "median", "min .. max", "unit", "rounds", "how");
        rule(out, 6);
        for (var limit : board.limits())
            row(out, limit.name(), Wording.number(limit.value().median()), Wording.ends(limit.value()), limit.unit(),
                    String.join(", ", limit.rounds().stream().map(Wording::number).toList()), limit.method());
        out.append("\n## Contestants\n\n");
        row(out, "name", "version", "durability", "command");
        rule(out, 4);
        for (var entrant : board.entrants())
            row(out, entrant.name(), entrant.version(), entrant.durability(), "`" + entrant.commandLine() + "`");
        facts(out, "Machine", board.machine());
        facts(out, "Settings", board.settings());
        return out.toString();
    }

    private static void figure(StringBuilder out, Scoreboard board, Figure figure) {
        out.append("\n### ").append(figure.title()).append("\n\n").append(figure.method()).append(".\n\n");
        row(out, "contestant", "median " + figure.unit().symbol(), "min .. max", "server CPU us/op", "client CPU us/op",
                "durability",
                "rounds");
        rule(out, 7);
        for (var score : figure.scores())
            switch (score) {
                case Score.Measured measured -> row(out, measured.contestant(), Wording.number(measured.value().median()),
                        Wording.ends(measured.value()), Wording.number(measured.serverCpuMicros().median()),
                        Wording.number(measured.clientCpuMicros().median()), board.durability(measured.contestant()),
                        Wording.rounds(measured));
                case Score.Absent(var contestant, var reason) ->
                    row(out, contestant, "-", "-", "-", "-", board.durability(contestant), reason);
            }
        if (!figure.profile().isEmpty())
            out.append("\nProfile of ").append(figure.subject()).append(": ").append(Wording.profile(figure)).append('\n');
    }

    private static void facts(StringBuilder out, String title, List<Scoreboard.Fact> facts) {
        out.append("\n## ").append(title).append("\n\n");
        row(out, "what", "value");
        rule(out, 2);
        for (var fact : facts)
            row(out, fact.name(), fact.value());
    }

    private static void row(StringBuilder out, String... cells) {
        out.append('|');
        for (var cell : cells)
            out.append(' ').append(cell.replace("|", "\\|").replace('\n', ' ')).append(" |");
        out.append('\n');
    }

    private static void rule(StringBuilder out, int columns) {
        out.append("|---".repeat(columns)).append("|\n");
    }
}
