package io.cairn.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the command line reads in a data directory. It writes nothing: the directory belongs to the running server.
///
///     root-key        access key, secret key, a line each; mode 0600
///     keys/ca.pem     certificate of the server's own authority
///     endpoints.json  {"pid": 4711, "endpoints": {"aws": {"url": "http://127.0.0.1:4566", ...}, ...}} while a server runs
record DataDirectory(Path path) {
    private static final JsonFactory JSON = new JsonFactory();

    static DataDirectory of(Settings settings) {
        return new DataDirectory(settings.data());
    }

    /// The certificate of the server's own authority, PEM.
    Path authorityFile() {
        return path.resolve("keys").resolve("ca.pem");
    }

    Path endpointsFile() {
        return path.resolve("endpoints.json");
    }

    /// URLs by name; empty when no server runs here.
    Map<String, URI> endpoints() {
        var endpoints = new LinkedHashMap<String, URI>();
        try (var in = JSON.createParser(Files.newBufferedReader(endpointsFile()))) {
            for (var token = in.nextToken(); token != null; token = in.nextToken()) {
                var around = in.getParsingContext().getParent();
                if (token == JsonToken.VALUE_STRING && "url".equals(in.currentName()) && around != null)
                    endpoints.put(around.getCurrentName(), URI.create(in.getText()));
            }
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(endpointsFile() + " cannot be read (" + e.getMessage() + "); restart the server")
                    .because(e);
        }
        return endpoints;
    }

    /// The root's keys; empty when the server has not made them yet.
    Optional<Credentials> rootKey() {
        var file = path.resolve("root-key");
        try {
            var lines = Files.readAllLines(file);
            if (lines.size() < 2)
                throw new CommandException(file + " is damaged: two lines are expected, access key and secret key");
            return Optional.of(new Credentials(lines.get(0).strip(), lines.get(1).strip(), ""));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + "); run as the user that started the server")
                    .because(e);
        }
    }
}
