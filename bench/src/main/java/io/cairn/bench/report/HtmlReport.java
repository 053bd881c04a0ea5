package io.cairn.bench.report;

import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Score;
import io.cairn.bench.score.Scoreboard;
import java.util.List;

/// The scoreboard as one page that needs nothing else: tables, and a plot of each figure in SVG. No script, no font, no picture from
/// elsewhere. Stateless; any thread.
public final class HtmlReport {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; color: #1d2733; }
            table { border-collapse: collapse; margin: .6em 0 1.2em; }
            th, td { border-bottom: 1px solid #d5dce4; padding: .25em .7em; text-align: left; vertical-align: top; }
            td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            .reached { color: #14733b; } .missed { color: #b3261e; } .unknown { color: #6b7785; }
            .warning { background: #fff3cd; padding: .5em .8em; } .how { color: #55626f; } code { font-size: 90%; }
            svg { display: block; margin: .4em 0; } svg text { font: 13px system-ui, sans-serif; fill: #1d2733; }
            """;

    private HtmlReport() {}

    /// The same scoreboard gives the same page.
    public static String of(Scoreboard board) {
        var out = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Scoreboard: "
                + text(board.suite()) + "</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n<h1>Scoreboard: "
                + text(board.suite()) + "</h1>\n<p><code>" + text(board.command()) + "</code>, begun " + text(board.begun())
                + "</p>\n");
        for (var warning : board.warnings())
            out.append("<p class=\"warning\">Warning: ").append(text(warning)).append("</p>\n");
        goals(out, board);
        board.figures().forEach(figure -> figure(out, board, figure));
        out.append("<h2>Limits of this machine</h2>\n<table>\n");
        head(out, "limit", "median", "min .. max", "unit", "rounds", "how");
        for (var limit : board.limits())
            out.append("<tr>").append(cell(limit.name())).append(count(Wording.number(limit.value().median())))
                    .append(count(Wording.ends(limit.value()))).append(cell(limit.unit()))
                    .append(cell(String.join(", ", limit.rounds().stream().map(Wording::number).toList())))
                    .append(cell(limit.method())).append("</tr>\n");
        out.append("</table>\n<h2>Contestants</h2>\n<table>\n");
        head(out, "name", "version", "durability", "command");
        for (var entrant : board.entrants())
            out.append("<tr>").append(cell(entrant.name())).append(cell(entrant.version())).append(cell(entrant.durability()))
                    .append("<td><code>").append(text(entrant.commandLine())).append("</code></td></tr>\n");
        out.append("</table>\n");
        facts(out, "Machine", board.machine());
        facts(out, "Settings", board.settings());
        return out.append("</body>\n</html>\n").toString();
    }

    private static void goals(StringBuilder out, Scoreboard board) {
        out.append("<h2>Goals</h2>\n<table>\n");
        head(out, "line", "median", "unit", "CPU us/op", "goals", "ratio to peers");
        for (var figure : board.figures()) {
            var subject = figure.measured(figure.subject());
            out.append("<tr><td><a href=\"#").append(text(figure.id())).append("\">").append(text(figure.title()))
                    .append("</a></td>")
                    .append(count(subject == null ? "-" : Wording.number(subject.value().median())))
                    .append(cell(figure.unit().symbol()))
                    .append(count(subject == null ? "-" : Wording.number(subject.serverCpuMicros().median()))).append("<td>")
                    .append(String.join("<br>", figure.goals().stream().map(goal -> goal(goal, figure)).toList())).append("</td>")
                    .append(cell(Wording.ratios(figure))).append("</tr>\n");
        }
        out.append("</table>\n");
    }

    private static String goal(Goal goal, Figure figure) {
        var style = switch (goal.judge(figure)) {
            case REACHED -> "reached";
            case MISSED -> "missed";
            case UNKNOWN -> "unknown";
        };
        return text(Wording.goal(goal, figure)) + ": <span class=\"" + style + "\">" + Wording.verdict(goal, figure) + "</span>";
    }

    private static void figure(StringBuilder out, Scoreboard board, Figure figure) {
        out.append("<h2 id=\"").append(text(figure.id())).append("\">").append(text(figure.title()))
                .append("</h2>\n<p class=\"how\">")
                .append(text(figure.method())).append(".</p>\n").append(Plot.of(figure)).append("<table>\n");
        head(out, "contestant", "median " + figure.unit().symbol(), "min .. max", "server CPU us/op", "client CPU us/op",
                "durability",
                "rounds");
        for (var score : figure.scores())
            switch (score) {
                case Score.Measured measured -> out.append("<tr>").append(cell(measured.contestant()))
                        .append(count(Wording.number(measured.value().median()))).append(count(Wording.ends(measured.value())))
                        .append(count(Wording.number(measured.serverCpuMicros().median())))
                        .append(count(Wording.number(measured.clientCpuMicros().median())))
                        .append(cell(board.durability(measured.contestant()))).append(cell(Wording.rounds(measured)))
                        .append("</tr>\n");
                case Score.Absent(var contestant, var reason) -> out.append("<tr>").append(cell(contestant)).append(count("-"))
                        .append(count("-")).append(count("-")).append(count("-")).append(cell(board.durability(contestant)))
                        .append(cell(reason)).append("</tr>\n");
            }
        out.append("</table>\n");
        if (!figure.profile().isEmpty())
            out.append("<p>Profile of ").append(text(figure.subject())).append(": ").append(text(Wording.profile(figure)))
                    .append("</p>\n");
    }

    private static void facts(StringBuilder out, String title, List<Scoreboard.Fact> facts) {
        out.append("<h2>").append(title).append("</h2>\n<table>\n");
        for (var fact : facts)
            out.append("<tr>").append(cell(fact.name())).append(cell(fact.value())).append("</tr>\n");
        out.append("</table>\n");
    }

    private static void head(StringBuilder out, String... names) {
        out.append("<tr>");
        for (var name : names)
            out.append("<th>").append(text(name)).append("</th>");
        out.append("</tr>\n");
    }

    private static String cell(String value) {
        return "<td>" + text(value) + "</td>";
    }

    private static String count(String value) {
        return "<td class=\"n\">" + text(value) + "</td>";
    }

    static String text(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
