package io.cairn.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.cairn.server.ProcessIdentity;
import io.cairn.server.config.Settings;
import io.cairn.server.tls.CertificateAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/// What the command line reads in a data directory. It writes nothing: the directory belongs to the running server.
///
///     root-key        access key, secret key, a line each; mode 0600
///     keys/ca.pem     certificate of the server's own authority
///     endpoints.json  {"pid": 4711, "started": "1234", "endpoints": {"aws": {"url": "http://127.0.0.1:4566", ...}, ...}} while a server
///                     runs, and on after one that was killed
record DataDirectory(Path path) {
    private static final JsonFactory JSON = new JsonFactory();

    static DataDirectory of(Settings settings) {
        var path = settings.data();
        if (Files.exists(path) && !Files.isDirectory(path))
            throw new CommandException(path + " is a file, not a directory; name the server's data directory with --data",
                    ExitCode.USAGE);
        return new DataDirectory(path);
    }

    /// The certificate of the server's own authority, PEM.
    Path authorityFile() {
        return path.resolve("keys").resolve("ca.pem");
    }

    CertificateAuthority authority() {
        return new CertificateAuthority(path.resolve("keys"), InstantSource.system());
    }

    Path endpointsFile() {
        return path.resolve("endpoints.json");
    }

    /// What `endpoints.json` says.
    ///
    /// @param urls by name
    private record Written(ProcessIdentity server, Map<String, URI> urls) {}

    /// URLs by name; empty when no server runs here.
    Map<String, URI> endpoints() {
        return written().filter(written -> written.server.runs()).map(Written::urls).orElse(Map.of());
    }

    /// Where the server that runs here takes S3, or the usual place when the directory does not tell: it may be elsewhere, or in order
    /// stopped. One that ended without a word left a port behind that may be anybody's by now.
    URI endpoint() {
        var written = written();
        if (written.isPresent() && !written.get().server.runs())
            throw new CommandException("no server at " + path + ": process " + written.get().server.pid()
                    + " has ended; start one with: bin/cairn server --data " + path);
        return endpoints().getOrDefault("aws", ClientOptions.DEFAULT_ENDPOINT);
    }

    private Optional<Written> written() {
        var urls = new LinkedHashMap<String, URI>();
        long pid = 0;
        var started = "";
        try (var in = JSON.createParser(Files.newBufferedReader(endpointsFile()))) {
            for (var token = in.nextToken(); token != null; token = in.nextToken()) {
                var around = in.getParsingContext().getParent();
                var name = in.currentName();
                if (token == JsonToken.VALUE_NUMBER_INT && "pid".equals(name))
                    pid = in.getLongValue();
                else if (token == JsonToken.VALUE_STRING && "started".equals(name))
                    started = in.getText();
                else if (token == JsonToken.VALUE_STRING && "url".equals(name) && around != null)
                    urls.put(around.getCurrentName(), URI.create(in.getText()));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(endpointsFile() + " cannot be read (" + e.getMessage() + "); restart the server")
                    .because(e);
        }
        return Optional.of(new Written(new ProcessIdentity(pid, started), urls));
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
