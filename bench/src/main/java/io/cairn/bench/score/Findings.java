package io.cairn.bench.score;

import java.util.List;

/// What a suite of lines found.
///
/// @param warnings peers that did not start, and why
public record Findings(List<Entrant> entrants, List<Limit> limits, List<Figure> figures, List<String> warnings) {
    public Findings {
        entrants = List.copyOf(entrants);
        limits = List.copyOf(limits);
        figures = List.copyOf(figures);
        warnings = List.copyOf(warnings);
    }
}
