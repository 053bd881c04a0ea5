package io.cairn.server.dynamodb.difference;

import java.util.Map;
import java.util.TreeMap;

/// What histories asked and met, and which differences were needed. Any thread.
final class Tally {
    private static final int MAX_KIND = 100;
    private final Map<String, Integer> operations = new TreeMap<>();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final Map<String, Integer> deliberate = new TreeMap<>();

    synchronized void count(Pair pair) {
        operations.merge(pair.request().operation() + (pair.cairn().isOk() ? "" : " refused"), 1, Integer::sum);
        if (!pair.cairn().isOk())
            refusals.merge(kind(pair.cairn().line()), 1, Integer::sum);
    }

    synchronized void count(Deliberate difference) {
        deliberate.merge(difference.name(), 1, Integer::sum);
    }

    /// The words before the first value.
    private static String kind(String line) {
        var cut = line.replaceAll("\\{.*|\\[.*|Key: .*|'.*", "");
        return cut.substring(0, Math.min(MAX_KIND, cut.length()));
    }

    synchronized Map<String, Integer> operations() {
        return new TreeMap<>(operations);
    }

    synchronized Map<String, Integer> refusals() {
        return new TreeMap<>(refusals);
    }

    synchronized Map<String, Integer> deliberate() {
        return new TreeMap<>(deliberate);
    }
}
