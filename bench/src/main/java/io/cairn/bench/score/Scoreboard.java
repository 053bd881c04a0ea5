package io.cairn.bench.score;

import java.util.List;

/// All that one run found.
///
/// @param suite what was compared: `objects`
/// @param command how to repeat it
/// @param begun ISO-8601, UTC
/// @param machine facts, name and value, in the order in which they are shown
/// @param settings of the run, name and value
/// @param warnings what speaks against believing the figures
public record Scoreboard(String suite, String command, String begun, List<Fact> machine, List<Fact> settings,
        List<String> warnings, List<Entrant> entrants, List<Limit> limits, List<Figure> figures) {
    public record Fact(String name, String value) {}

    public Scoreboard {
        machine = List.copyOf(machine);
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
        entrants = List.copyOf(entrants);
        limits = List.copyOf(limits);
        figures = List.copyOf(figures);
    }

    /// The durability of a contestant, as it told it.
    public String durability(String contestant) {
        return entrants.stream().filter(entrant -> entrant.name().equals(contestant)).findFirst().map(Entrant::durability)
                .orElse("unknown");
    }
}
