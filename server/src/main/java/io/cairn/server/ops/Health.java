package io.cairn.server.ops;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Which components are ready. Components are added before the server answers; after [#stopping], nothing is ready. Any thread.
public final class Health {
    private final Map<String, CompletableFuture<Throwable>> components = new LinkedHashMap<>();
    private final Map<String, Supplier<Optional<String>>> troubles = new LinkedHashMap<>();
    private volatile boolean starting = true;
    private volatile boolean stopping;

    /// What one look found.
    ///
    /// @param state `ready`, `not ready`, `starting` or `stopping`
    /// @param failures of each component, the reason why it is not ready; empty when it is
    /// @param troubles of components that serve on: what an operator should see to; most often empty
    public record Report(String state, Map<String, Optional<String>> failures, Map<String, String> troubles) {
        public boolean ready() {
            return state.equals("ready");
        }
    }

    /// @param failed completes with the reason when the component can serve no more
    public synchronized void add(String component, CompletableFuture<Throwable> failed) {
        components.put(component, failed);
    }

    /// @param trouble asked at each look; does not make the component unready
    public synchronized void watch(String component, Supplier<Optional<String>> trouble) {
        troubles.put(component, trouble);
    }

    public void started() {
        starting = false;
    }

    public void stopping() {
        stopping = true;
    }

    public synchronized Report report() {
        var failures = new LinkedHashMap<String, Optional<String>>();
        components.forEach((name, failed) -> failures.put(name, failure(failed)));
        boolean all = failures.values().stream().allMatch(Optional::isEmpty);
        var state = stopping ? "stopping" : starting ? "starting" : all ? "ready" : "not ready";
        var seen = new LinkedHashMap<String, String>();
        troubles.forEach((name, trouble) -> trouble.get().ifPresent(text -> seen.put(name, text)));
        return new Report(state, failures, seen);
    }

    private static Optional<String> failure(CompletableFuture<Throwable> failed) {
        return switch (failed.state()) {
            case RUNNING -> Optional.empty();
            case SUCCESS -> Optional.of(String.valueOf(failed.resultNow().getMessage()));
            case FAILED, CANCELLED -> Optional.of("its state is not known");
        };
    }
}
