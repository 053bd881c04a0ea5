package io.cairn.block.testkit;

import io.cairn.block.testkit.Histories.BlockMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes steps out of a failing history as long as it fails (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002): halves first,
/// single steps last. A machine whose threads take their time may fail now and then alone; what is told is a history that has failed.
final class Shrinking {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(30);
    private final BlockMachine machine;
    private final long seed;
    private List<Step> steps;
    private @Nullable Throwable failure;
    private final long deadline = System.nanoTime() + NANOS;

    private Shrinking(BlockMachine machine, long seed, List<Step> steps) {
        this.machine = machine;
        this.seed = seed;
        this.steps = steps;
    }

    static Shrinking of(BlockMachine machine, long seed, List<Step> failing) {
        var shrinking = new Shrinking(machine, seed, failing);
        for (int size = failing.size() / 2; size > 0; size = size == 1 && shrinking.pass(size) ? 1 : size / 2)
            if (size > 1)
                while (shrinking.pass(size)) {
                    // again: what is gone may have held others
                }
        return shrinking;
    }

    /// Tries to do without each run of so many steps; whether it could do without any.
    private boolean pass(int size) {
        boolean shorter = false;
        for (int from = 0; from < steps.size() && System.nanoTime() < deadline;) {
            var rest = new ArrayList<>(steps.subList(0, from));
            rest.addAll(steps.subList(Math.min(steps.size(), from + size), steps.size()));
            if (fails(rest)) {
                steps = rest;
                shorter = true;
            } else
                from += size;
        }
        return shorter && System.nanoTime() < deadline;
    }

    private boolean fails(List<Step> some) {
        try {
            HistoryRun.run(machine, seed, some);
            return false;
        } catch (AssertionError | RuntimeException e) {
            failure = e;
            return true;
        }
    }

    List<Step> steps() {
        return steps;
    }

    AssertionError failure(Throwable first) {
        var shrunk = failure == null ? first : failure;
        return new AssertionError(
                "history of seed " + seed + ": " + first.getMessage() + "\nshrunk to " + steps.size() + " steps: "
                        + shrunk.getMessage() + "\n"
                        + steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n")),
                first);
    }
}
