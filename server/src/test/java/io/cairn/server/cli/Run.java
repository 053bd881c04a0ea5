package io.cairn.server.cli;

import io.cairn.server.ProcessIdentity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// One call of the command line in this process, with all that it reads and writes in hand.
final class Run {
    final Path home;
    final Map<String, String> environment = new HashMap<>();
    byte[] in = new byte[0];
    boolean outTerminal;
    boolean errTerminal;
    ServerProcess.Starter starter = options -> {
        throw new AssertionError("no server should start");
    };
    @Nullable
    IntSupplier beforeEnd;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    Run(Path home) {
        this.home = home;
    }

    Run(Path home, FakeS3 s3) {
        this(home);
        environment.put("AWS_ENDPOINT_URL", s3.endpoint().toString());
        environment.put("AWS_ACCESS_KEY_ID", FakeS3.KEYS.accessKey());
        environment.put("AWS_SECRET_ACCESS_KEY", FakeS3.KEYS.secretKey());
    }

    /// Leaves `endpoints.json` in the data directory, as a running server does.
    void serves(String url) throws IOException {
        serves(url, ProcessIdentity.current());
    }

    void serves(String url, ProcessIdentity server) throws IOException {
        Files.writeString(home.resolve("cairn-data/endpoints.json"), """
                {"pid": %d, "started": "%s", "endpoints": {
                  "aws": {"url": "%s", "host": "127.0.0.1", "port": 1}}}
                """.formatted(server.pid(), server.started(), url));
    }

    /// Returns the exit status.
    int run(String... args) {
        out.reset();
        err.reset();
        return Main.run(new Invocation(home, environment, new ByteArrayInputStream(in),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), outTerminal, errTerminal, starter, stop -> beforeEnd = stop),
                args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
