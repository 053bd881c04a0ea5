package io.cairn.server;

import io.cairn.server.http.EventLoops;
import io.cairn.server.http.Face;
import io.cairn.server.iam.Credentials;
import io.cairn.server.metrics.Registry;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Opens one protocol, and the engine behind it, when the server starts.
public interface FaceFactory {
    /// Name of the service, as in a signature's scope and in `--only`: `s3`.
    String service();

    /// Called once, after the data directory is locked and before any port is open.
    OpenFace open(Context context) throws IOException;

    /// What a face may use.
    record Context(Path data, Credentials credentials, Registry metrics, InstantSource clock) {}

    /// An open face.
    ///
    /// @param failed completes when the engine behind it has failed and only a new start can help; from then on it is not ready, and
    ///     whoever runs the server is told ([Server#failed])
    /// @param resources closed when the server stops, after the last request was answered
    /// @param trouble what an operator should see to while it serves on, such as an archive that refuses what is put
    /// @param ports of its own, beside those that speak HTTP
    record OpenFace(Face face, CompletableFuture<Throwable> failed, AutoCloseable resources, Supplier<Optional<String>> trouble,
            List<Port> ports) {
        public OpenFace {
            ports = List.copyOf(ports);
        }

        public OpenFace(Face face, CompletableFuture<Throwable> failed, AutoCloseable resources) {
            this(face, failed, resources, Optional::empty, List.of());
        }
    }

    /// A port that speaks another protocol than HTTP.
    ///
    /// @param name in `endpoints.json`, and its URL's scheme, with an `s` behind it where TLS is required
    /// @param label for people
    /// @param number by default
    record Port(String name, String label, int number, Listener listener) {}

    /// Opens a port.
    @FunctionalInterface
    interface Listener {
        /// Serves from then on. `IOException` when the address cannot be bound.
        ///
        /// @param loops of this port alone: who keeps one for as long as a disk takes keeps no other port's clients waiting
        Listening listen(InetSocketAddress address, EventLoops loops, Security security) throws IOException;
    }

    /// How a port that knows no users keeps strangers out.
    ///
    /// @param tls asks for a client's certificate of this server's own authority
    /// @param required whether nothing is said without TLS, and nobody is let in without such a certificate: off loopback, unless the operator wants
    ///     it otherwise
    record Security(SslContext tls, boolean required) {}

    /// An open port. Closing it ends its connections.
    interface Listening extends AutoCloseable {
        /// The address that was bound; tells the port when any was asked for.
        InetSocketAddress address();
    }
}
