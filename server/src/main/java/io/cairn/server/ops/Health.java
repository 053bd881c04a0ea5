package io.cairn.server.ops;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Which components are ready. Components are added before the server answers; after [#stopping], nothing is ready. Any thread.
public final class Health {
    private final Map<String, BooleanSupplier> components = new LinkedHashMap<>();
    private volatile boolean starting = true;
    private volatile boolean stopping;

    /// What one look found.
    ///
    /// @param state `ready`, `not ready`, `starting` or `stopping`
    public record Report(String state, Map<String, Boolean> components) {
        public boolean ready() {
            return state.equals("ready");
        }
    }

    public synchronized void add(String component, BooleanSupplier ready) {
        components.put(component, ready);
    }

    public void started() {
        starting = false;
    }

    public void stopping() {
        stopping = true;
    }

    public synchronized Report report() {
        var found = new LinkedHashMap<String, Boolean>();
        components.forEach((name, ready) -> found.put(name, isReady(ready)));
        var state = stopping ? "stopping" : starting ? "starting" : found.containsValue(false) ? "not ready" : "ready";
        return new Report(state, found);
    }

    /// A component that cannot even say so is not ready.
    private static boolean isReady(BooleanSupplier component) {
        try {
            return component.getAsBoolean();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
