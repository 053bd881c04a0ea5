package io.cairn.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.score.Entrant;
import io.cairn.bench.score.Figure;
import io.cairn.bench.score.Figure.HotSpot;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Limit;
import io.cairn.bench.score.Round;
import io.cairn.bench.score.Score;
import io.cairn.bench.score.Scoreboard;
import io.cairn.bench.score.Scoreboard.Fact;
import io.cairn.bench.score.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The reports of one fixed scoreboard, byte for byte. After a change that is meant: `-Dcairn.golden.write=DIRECTORY` writes them anew.
class ReportTest {
    private static final Scoreboard BOARD = new Scoreboard("objects", "bin/cairn bench objects --rounds 3",
            "2026-01-01T00:00:00Z",
            List.of(new Fact("cores", "2"), new Fact("load average", "0.00 0.00 0.00")), List.of(new Fact("seed", "20260101")),
            List.of("the machine is not idle: 12 % <busy>"),
            List.of(new Entrant("Cairn", "0.1.0", "fdatasync", "bin/cairn server"),
                    new Entrant("peer", "1 | 2", "none & nothing", "peer --dir \"x\"")),
            List.of(new Limit("fdatasync, 1 writer", "/s", "4 KiB", List.of(5000.0, 5100.4, 4900.0))),
            List.of(new Figure("put-4k", "PUT 4 KiB", "8 connections; every ETag compared", Unit.OPERATIONS, "Cairn",
                    List.of(new Goal.AtLeast(12_000), new Goal.CpuAtMost(120)),
                    List.of(new Score.Measured("Cairn",
                            List.of(new Round(11_000, 110, 30.5, 33_000), new Round(13_000, 100, 31, 39_000),
                                    new Round(12_500, 105.25, 30, 37_500))),
                            new Score.Measured("peer", List.of(new Round(25_000, 50, 29, 75_000)))),
                    List.of(new HotSpot("FileDispatcher.force0", 0.25), new HotSpot("MD5.implCompress0", 0.125))),
                    new Figure("get-1m", "GET 1 MiB", "length and CRC32C compared", Unit.MEGABYTES, "Cairn",
                            List.of(new Goal.TimesPeer("peer", 0.8)),
                            List.of(new Score.Measured("Cairn", List.of(new Round(900, 300, 40, 1800))),
                                    new Score.Absent("peer", "wrong answer: object 7 came with other bytes")),
                            List.of())));

    @Test
    void markdownIsAsItWas() throws IOException {
        compare("scoreboard.md", MarkdownReport.of(BOARD));
    }

    @Test
    void htmlIsAsItWas() throws IOException {
        compare("scoreboard.html", HtmlReport.of(BOARD));
    }

    @Test
    void pageNeedsNothingFromElsewhere() {
        var page = HtmlReport.of(BOARD);
        for (var from : List.of("<script", "http:", "https:", "src=", "@import", "url("))
            assertFalse(page.contains(from), from);
        assertTrue(page.contains("12 % &lt;busy&gt;"), "text is escaped");
    }

    /// A contestant whose answers were wrong shows its reason where others show figures, and no goal counts on it.
    @Test
    void wrongAnswersHaveNoFigure() {
        var lines = MarkdownReport.of(BOARD).lines().filter(line -> line.startsWith("| peer | - |")).toList();
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().endsWith("| wrong answer: object 7 came with other bytes |"), lines.getFirst());
        assertTrue(MarkdownReport.of(BOARD).contains(">= 0.80 x peer: not known"));
    }

    private static void compare(String name, String text) throws IOException {
        var write = System.getProperty("cairn.golden.write");
        if (write != null) {
            Files.createDirectories(Path.of(write));
            Files.writeString(Path.of(write, name), text);
        }
        try (var golden = ReportTest.class.getResourceAsStream("/golden/" + name)) {
            if (golden == null)
                throw new IllegalStateException("golden/" + name + " is missing; -Dcairn.golden.write writes it");
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), text);
        }
    }
}
