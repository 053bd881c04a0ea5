package io.cairn.server.dynamodb.difference;

import java.util.List;
import java.util.random.RandomGenerator;

/// Chances. A request has one mistake at most: of two, each server may name another first, and no document says which.
final class Draws {
    private final RandomGenerator random;
    private boolean mistaken;

    Draws(RandomGenerator random) {
        this.random = random;
    }

    /// Another request begins.
    void begin() {
        mistaken = false;
    }

    /// Whether to make a mistake here; only once in a request.
    boolean mistake(int n) {
        if (mistaken || random.nextInt(n) != 0)
            return false;
        mistaken = true;
        return true;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int n) {
        return random.nextInt(n);
    }

    int from(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
