package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.dynamodb.wire.Model;
import io.cairn.server.http.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The table of operations tells of each what the server answers, and of each that is served which tests of stock clients carried it out.
class OperationsTableTest {
    private static final Pattern TEST = Pattern.compile("`([^`]+)`");

    /// What an operation that is not served answers is asked of the server itself. Those served refuse an empty request otherwise, or carry it out.
    @Test
    void tellsWhatEachOperationAnswers(@TempDir Path directory) throws Exception {
        var states = new TreeMap<String, String>();
        try (var server = DynamoDbServer.start(directory); var wire = new RawClient(server.uri().getPort())) {
            for (var operation : Model.load().operations()) {
                var prefix = operation.name().matches(".*Stream|ListStreams|GetRecords|GetShardIterator")
                        ? "DynamoDBStreams_20120810."
                        : "DynamoDB_20120810.";
                var reply = wire.send(new SignedPost.Plain(server, "").withTarget(prefix + operation.name()).sign("{}").wire())
                        .read();
                if (!reply.text().contains("UnknownOperationException")) {
                    states.put(operation.name(), OperationsTable.SERVED);
                    continue;
                }
                assertEquals(400, reply.status());
                assertEquals(
                        "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\",\"message\":\"" + operation.name()
                                + " is not served\"}",
                        reply.text());
                states.put(operation.name(), "`UnknownOperationException`");
            }
        }
        assertEquals(62, states.size(), "58 operations of DynamoDB and 4 of its streams");
        OperationsTable.compareStates(states);
    }

    @Test
    void namesATestOfAStockClientForEachThatIsServed() throws IOException {
        var missing = new TreeSet<String>();
        OperationsTable.read().rows().forEach((operation, row) -> {
            assertTrue(row.state().equals(OperationsTable.SERVED) || row.tests().isEmpty(),
                    operation + " is not served, but has tests");
            if (row.state().equals(OperationsTable.SERVED) && row.tests().isEmpty())
                missing.add(operation);
        });
        assertEquals(new TreeSet<String>(), missing, "operations that no test of a stock client carries out");
    }

    /// A test that was renamed or removed is found even when its class no longer runs.
    @Test
    void namesOnlyTestsThatThereAre() throws Exception {
        for (var row : OperationsTable.read().rows().values())
            for (var entry : row.tests().entrySet())
                if (entry.getKey().startsWith("Sdk")) {
                    var methods = Arrays
                            .stream(Class.forName(getClass().getPackageName() + "." + entry.getKey()).getDeclaredMethods())
                            .map(method -> method.getName()).collect(Collectors.toSet());
                    TEST.matcher(entry.getValue()).results()
                            .forEach(found -> assertTrue(methods.contains(found.group(1)), entry::toString));
                }
    }
}
