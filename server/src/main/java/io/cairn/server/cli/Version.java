package io.cairn.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version of this build, as the POM states it.
final class Version implements IVersionProvider {
    static String text() {
        var properties = new Properties();
        try (var in = Version.class.getResourceAsStream("version.properties")) {
            if (in == null)
                throw new IllegalStateException("version.properties is missing beside " + Version.class);
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }

    @Override
    public String[] getVersion() { return new String[]{"cairn " + text()}; }
}
