package io.cairn.server.cli;

import io.cairn.server.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/// The engines and their faces, running in this process; they write `endpoints.json`. [#close] may be called from any thread; only the first call does something.
interface ServerProcess extends AutoCloseable {
    /// @param name short, as `endpoints.json` has it: `aws`, `console`
    /// @param title for people: `S3`, `health, metrics`
    record Endpoint(String name, String title, URI uri) {}

    /// Starts one; when it throws, nothing is left open.
    @FunctionalInterface
    interface Starter {
        /// @throws CommandException of exit code 2 when it cannot be as the settings want it: a port is taken, a face does not exist
        ServerProcess start(Settings settings) throws IOException;
    }

    /// In the order in which they are shown.
    List<Endpoint> endpoints();

    /// Where the root key is kept.
    Path rootKeyFile();

    /// Returns when the server has stopped, by [#close]; throws what stopped it when it stopped by itself.
    void awaitStop() throws InterruptedException, IOException;

    /// Not ready, drains for at most 10 s, flushes, lets go of the data directory.
    @Override
    void close() throws IOException;
}
