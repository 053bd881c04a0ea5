package io.cairn.server.nbd;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Who is attached to which device, and what those left behind who are gone: requests whose connection ended while they were under way. Nobody is served on the same
/// device before these are done: a client that has lost a connection sends what was not answered once more, on another one that it has or on a new one, and
/// then something newer to the same place, and what it sent first must not come after that. Any thread.
///
/// What a lost connection had sent counts from the moment its end, or what came before it, is here: of a line that is cut without a word nobody knows.
final class Attachments {
    private static final CompletableFuture<Void> NOTHING = CompletableFuture.completedFuture(null);
    private final ConcurrentHashMap<String, Device> devices = new ConcurrentHashMap<>();

    /// Changed in [ConcurrentHashMap#compute] alone.
    private static final class Device {
        volatile List<Attachment> attached = List.of();
        volatile CompletableFuture<Void> left = NOTHING;

        @Nullable
        Device orNone() {
            return attached.isEmpty() && left.isDone() ? null : this;
        }
    }

    /// One connection's.
    final class Attachment {
        private final String id;
        private final Device device;
        private final EventExecutor loop;

        private Attachment(String id, Device device, EventExecutor loop) {
            this.id = id;
            this.device = device;
            this.loop = loop;
        }

        /// Whether nobody else is attached to the device.
        boolean isAlone() { return device.attached.size() == 1; }

        /// Completes when all is done that was left behind until now.
        CompletableFuture<Void> gone() {
            return device.left;
        }

        /// Completes when the loops of all who are attached have taken in what had come before this: a loop that was kept for a while may have requests to read, and behind
        /// them the end of their connection.
        CompletableFuture<Void> othersRead() {
            if (isAlone())
                return NOTHING;
            return CompletableFuture.allOf(device.attached.stream().filter(other -> other != this).map(other -> other.loop)
                    .distinct().map(Attachments::read).toArray(CompletableFuture<?>[]::new));
        }

        /// The connection is gone.
        ///
        /// @param done completes when all is that it left behind; null when that is nothing
        void end(@Nullable CompletableFuture<Void> done) {
            devices.computeIfPresent(id, (_, now) -> {
                var others = new ArrayList<>(now.attached);
                others.remove(this);
                now.attached = List.copyOf(others);
                if (done != null)
                    now.left = now.left.isDone() ? done : now.left.thenCombine(done, (_, _) -> null);
                return now.orNone();
            });
            if (done != null) {
                var _ = device.left.whenComplete((_, _) -> devices.computeIfPresent(id, (_, now) -> now.orNone()));
            }
        }
    }

    /// @param loop of the connection
    Attachment attach(String id, EventExecutor loop) {
        var made = new Attachment[1];
        devices.compute(id, (_, now) -> {
            var device = now == null ? new Device() : now;
            made[0] = new Attachment(id, device, loop);
            var all = new ArrayList<>(device.attached);
            all.add(made[0]);
            device.attached = List.copyOf(all);
            return device;
        });
        return made[0];
    }

    /// Completes behind a look at the network that begins after this: a loop runs what is scheduled once it has taken in what the look before has shown.
    private static CompletableFuture<Void> read(EventExecutor loop) {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            var _ = loop.schedule(() -> done.complete(null), 0, TimeUnit.NANOSECONDS);
        });
        return done;
    }
}
