package io.cairn.server;

import io.cairn.server.http.Face;
import io.cairn.server.iam.Credentials;
import io.cairn.server.metrics.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
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
    record OpenFace(Face face, CompletableFuture<Throwable> failed, AutoCloseable resources, Supplier<Optional<String>> trouble) {
        public OpenFace(Face face, CompletableFuture<Throwable> failed, AutoCloseable resources) {
            this(face, failed, resources, Optional::empty);
        }
    }
}
