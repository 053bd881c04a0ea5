package io.cairn.server;

import io.cairn.server.http.Face;
import io.cairn.server.iam.Credentials;
import io.cairn.server.metrics.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

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
    /// @param ready whether it can serve; asked by `/health/ready`, must not block
    /// @param resources closed when the server stops, after the last request was answered
    record OpenFace(Face face, BooleanSupplier ready, AutoCloseable resources) {}
}
