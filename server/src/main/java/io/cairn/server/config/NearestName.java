package io.cairn.server.config;

import java.util.Collection;
import java.util.Optional;

/// The known name that somebody who wrote another one most likely meant: the one of least distance (insertions, deletions,
/// substitutions and swaps of neighbours, one each: optimal string alignment), if fewer than half of its letters differ.
final class NearestName {
    private NearestName() {}

    static Optional<String> of(String written, Collection<String> known) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        var start = written.substring(0, Math.min(written.length(), 40)); // the work grows with the length of both
        for (var name : known) {
            int distance = distance(start, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return least * 2 < nearest.length() ? Optional.of(nearest) : Optional.empty();
    }

    static int distance(String a, String b) {
        var edits = new int[a.length() + 1][b.length() + 1]; // edits[i][j]: from the first i letters of a to the first j of b
        for (int i = 0; i <= a.length(); i++)
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int substituted = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(substituted, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1))
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
            }
        return edits[a.length()][b.length()];
    }
}
