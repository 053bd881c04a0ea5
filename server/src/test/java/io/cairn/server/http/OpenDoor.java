package io.cairn.server.http;

import io.cairn.server.metrics.Registry;
import io.cairn.server.sigv4.SdkSigned;
import io.cairn.server.sigv4.SigV4;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A front door on a free port with an [EchoFace] behind it, for one test.
final class OpenDoor implements AutoCloseable {
    /// Times that a test can wait for.
    static final Limits QUICK = Limits.DEFAULT.withTimes(Duration.ofMillis(300), Duration.ofMillis(400), Duration.ofMillis(800),
            Duration.ofMillis(500));
    final EchoFace face = new EchoFace();
    final Registry registry = new Registry();
    final EventLoops loops = new EventLoops(2);
    final Workers workers;
    final FrontDoor door;

    OpenDoor(Limits limits) throws IOException {
        this(limits, null, false);
    }

    OpenDoor(Limits limits, @Nullable SslContext tls, boolean tlsOnly) throws IOException {
        workers = new Workers(limits.workers(), limits.workerQueue());
        var verifier = new SigV4(SdkSigned.credentials(), InstantSource.system());
        door = new FrontDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new FrontDoor.Settings("aws", List.of(face), verifier, tls, tlsOnly,
                        limits, registry, InstantSource.system()),
                loops, workers);
    }

    int port() {
        return door.address().getPort();
    }

    RawClient connect() throws IOException {
        return new RawClient(port());
    }

    /// Waits until something is so; fails after ten seconds.
    static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until)
                throw new AssertionError("never came: " + what);
            Thread.sleep(2);
        }
    }

    @Override
    public void close() {
        face.permits.release(1_000_000);
        door.close();
        workers.close();
        loops.close();
    }
}
