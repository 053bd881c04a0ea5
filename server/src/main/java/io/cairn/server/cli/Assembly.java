package io.cairn.server.cli;

import io.cairn.server.config.ConfigException;
import io.cairn.server.config.Settings;
import java.io.IOException;

/// Binds the command line to the server.
final class Assembly implements ServerProcess.Starter {
    @Override
    public ServerProcess start(Settings settings) throws IOException {
        throw new ConfigException("this build has no face to serve");
    }
}
