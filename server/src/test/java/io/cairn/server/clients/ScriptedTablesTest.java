package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.server.dynamodb.OperationsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SDKs of other languages with DynamoDB. Each runs a script that checks as it goes and ends with the operations that it carried out and
/// how much it checked.
@Tag("clients")
class ScriptedTablesTest {
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
        var python = new StockClient(server, directory, "/usr/bin/python3", script("boto3-tables.py", directory).toString());
        var used = passed(python.run(server.endpoint().toString(), "plain"), 35);
        assertEquals(used, passed(python.secure().run(server.secureEndpoint().toString(), "secure"), 35));
        compare("boto3", used, "boto3-tables.py");
    }

    @Test
    void javaScriptSdk3() throws IOException, InterruptedException {
        StockClient.need("node", "node", "--version");
        for (var module : List.of("client-dynamodb", "lib-dynamodb", "client-dynamodb-streams"))
            StockClient.need("@aws-sdk/" + module + " (npm install --prefix server/target/node @aws-sdk/" + module + ")", "test",
                    "-d",
                    NODE.resolve("node_modules/@aws-sdk/" + module).toString());
        var node = new StockClient(server, directory, "node", script("javascript-tables.mjs", NODE).toString());
        var used = passed(node.run(server.endpoint().toString(), "js"), 31);
        assertEquals(used, passed(node.secure().run(server.secureEndpoint().toString(), "js-secure"), 31));
        compare("JavaScript", used, "javascript-tables.mjs");
    }

    private static void compare(String client, List<String> used, String script) throws IOException {
        OperationsTable.compare(client, used.stream().collect(Collectors.toMap(operation -> operation, _ -> List.of(script))));
    }

    /// The operations that a script tells it carried out.
    private static List<String> passed(String output, int checks) {
        var lines = output.strip().lines().toList();
        assertEquals("passed " + checks + " checks", lines.getLast(), output);
        return Stream.of(lines.get(lines.size() - 2).split(" ")).sorted().toList();
    }

    private static Path script(String name, Path into) throws IOException {
        try (var in = Objects.requireNonNull(ScriptedTablesTest.class.getResourceAsStream(name), name)) {
            return Files.write(into.resolve(name), in.readAllBytes());
        }
    }
}
