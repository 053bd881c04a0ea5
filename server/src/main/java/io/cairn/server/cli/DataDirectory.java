package io.cairn.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the command line reads and writes in a data directory; all else there belongs to the running server.
///
///     root-key        access key, secret key, a line each; mode 0600
///     keys/ca.pem     certificate of the server's own authority
///     endpoints.json  {"pid": 4711, "s3": "http://127.0.0.1:4566", ...}: one URL for each open face, written at each start
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

    /// Replaces the file in one step: a reader sees all of it or the one before.
    void writeEndpoints(List<ServerProcess.Endpoint> endpoints) throws IOException {
        var next = path.resolve("endpoints.json.next");
        try (var out = JSON.createGenerator(Files.newBufferedWriter(next))) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeNumberField("pid", ProcessHandle.current().pid());
            for (var endpoint : endpoints)
                out.writeStringField(endpoint.name(), endpoint.uri().toString());
            out.writeEndObject();
        }
        Files.move(next, endpointsFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    /// By name; empty when no server was ever started here.
    Map<String, URI> endpoints() {
        var endpoints = new LinkedHashMap<String, URI>();
        try (var in = JSON.createParser(Files.newBufferedReader(endpointsFile()))) {
            for (var token = in.nextToken(); token != null; token = in.nextToken())
                if (token == JsonToken.VALUE_STRING)
                    endpoints.put(in.currentName(), URI.create(in.getText()));
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
