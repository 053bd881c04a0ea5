package io.cairn.server.nbd;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Requests whose connection is gone while they were under way. Nobody is served on the same device before they are done: a client that has lost its connection sends
/// what was not answered once more, and then something newer to the same place, and what it sent first must not come after that. Any thread.
final class LeftBehind {
    private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);
    private final ConcurrentHashMap<String, CompletableFuture<Void>> byDevice = new ConcurrentHashMap<>();

    /// @param done completes when all of them are
    void left(String device, CompletableFuture<Void> done) {
        var all = byDevice.merge(device, done, (one, other) -> one.thenCombine(other, (_, _) -> null));
        var _ = all.whenComplete((_, _) -> byDevice.remove(device, all));
    }

    /// Completes when all are done that there are now.
    CompletableFuture<Void> gone(String device) {
        return byDevice.getOrDefault(device, NOTHING);
    }
}
