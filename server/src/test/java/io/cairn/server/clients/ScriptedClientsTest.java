package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SDKs of other languages. Each runs a script that checks as it goes and says in its last line how much it checked.
@Tag("clients")
class ScriptedClientsTest {
    /// Where `.ci/run` has npm put the SDK; a script must stand beside the modules that it imports.
    private static final Path NODE = Path.of("target", "node").toAbsolutePath();

    @TempDir
    static Path directory;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = RunningServer.start(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null)
            server.close();
    }

    @Test
    void boto3() throws IOException, InterruptedException {
        StockClient.need("boto3 for /usr/bin/python3 (apt-get install python3-boto3)", "/usr/bin/python3", "-c", "import boto3");
        var script = script("boto3-client.py", directory);
        var python = new StockClient(server, directory, "/usr/bin/python3", script.toString());
        passes(python.run(server.endpoint().toString(), "plain"), 23);
        passes(python.secure().run(server.secureEndpoint().toString(), "secure"), 23);
    }

    @Test
    void boto3OfVolumes() throws IOException, InterruptedException {
        StockClient.need("boto3 for /usr/bin/python3 (apt-get install python3-boto3)", "/usr/bin/python3", "-c", "import boto3");
        var script = script("boto3-volumes.py", directory);
        passes(new StockClient(server, directory, "/usr/bin/python3", script.toString()).run(server.endpoint().toString()), 12);
    }

    @Test
    void javaScriptSdk3() throws IOException, InterruptedException {
        StockClient.need("node", "node", "--version");
        StockClient.need("@aws-sdk/client-s3 (npm install --prefix server/target/node @aws-sdk/client-s3)", "test", "-d",
                NODE.resolve("node_modules/@aws-sdk/client-s3").toString());
        var script = script("javascript-client.mjs", NODE);
        var node = new StockClient(server, directory, "node", script.toString());
        passes(node.run(server.endpoint().toString(), "plain"), 16);
        passes(node.secure().run(server.secureEndpoint().toString(), "secure"), 16);
    }

    private static void passes(String output, int checks) {
        assertTrue(output.strip().endsWith("passed " + checks + " checks"), output);
    }

    private static Path script(String name, Path into) throws IOException {
        try (var in = Objects.requireNonNull(ScriptedClientsTest.class.getResourceAsStream(name), name)) {
            return Files.write(into.resolve(name), in.readAllBytes());
        }
    }
}
