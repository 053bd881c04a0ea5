package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.dynamodb.OperationsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The AWS CLI of the system with DynamoDB. Each call takes most of a second of the CLI's own, so that there are few.
@Tag("clients")
class AwsCliTablesTest {
    private static final Map<String, Set<String>> USED = new TreeMap<>();
    private static final Set<String> RAN = new TreeSet<>();

    @TempDir
    static Path directory;
    private static RunningServer server;
    private static StockClient aws;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        StockClient.need("/usr/bin/aws (apt-get install awscli)", "/usr/bin/aws", "--version");
        server = RunningServer.start(directory);
        aws = new StockClient(server, directory, "/usr/bin/aws", "--output", "json", "--endpoint-url",
                server.endpoint().toString());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server == null)
            return;
        server.close();
        if (RAN.size() == 3)
            OperationsTable.compare("AWS CLI", USED);
    }

    /// Runs `aws dynamodb OPERATION ...` in a test; returns its output without blanks.
    private static String run(String test, String operation, String... arguments) throws IOException, InterruptedException {
        RAN.add(test);
        var output = aws.run(Stream.concat(Stream.of("dynamodb", operation), Stream.of(arguments)).toArray(String[]::new));
        if (!operation.equals("wait"))
            USED.computeIfAbsent(camel(operation), _ -> new TreeSet<>()).add(test);
        return output.replaceAll("\\s", "");
    }

    /// `put-item` is PutItem.
    private static String camel(String operation) {
        return Stream.of(operation.split("-")).map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
    }

    private static void create(String test, String table, String... more) throws IOException, InterruptedException {
        run(test, "create-table",
                Stream.concat(Stream.of("--table-name", table, "--attribute-definitions", "AttributeName=pk,AttributeType=S",
                        "AttributeName=sk,AttributeType=N", "--key-schema", "AttributeName=pk,KeyType=HASH",
                        "AttributeName=sk,KeyType=RANGE"), Stream.of(more))
                        .toArray(String[]::new));
        run(test, "wait", "table-exists", "--table-name", table);
    }

    @Test
    void tables() throws IOException, InterruptedException {
        create("tables", "cli-tables", "--provisioned-throughput", "ReadCapacityUnits=1,WriteCapacityUnits=2", "--tags",
                "Key=a,Value=1");
        var table = run("tables", "describe-table", "--table-name", "cli-tables", "--query",
                "Table.[TableStatus,ProvisionedThroughput.WriteCapacityUnits,TableArn]");
        assertTrue(table.matches("\\[\"ACTIVE\",2,\"arn:[^\"]*cli-tables\"]"), table);
        var arn = table.replaceAll(".*\"(arn:[^\"]*)\".*", "$1");
        run("tables", "update-table", "--table-name", "cli-tables", "--billing-mode", "PAY_PER_REQUEST");
        run("tables", "tag-resource", "--resource-arn", arn, "--tags", "Key=b,Value=2");
        run("tables", "untag-resource", "--resource-arn", arn, "--tag-keys", "a");
        assertEquals("[{\"Key\":\"b\",\"Value\":\"2\"}]",
                run("tables", "list-tags-of-resource", "--resource-arn", arn, "--query", "Tags"));
        run("tables", "update-time-to-live", "--table-name", "cli-tables", "--time-to-live-specification",
                "Enabled=true,AttributeName=till");
        assertEquals("\"ENABLED\"", run("tables", "describe-time-to-live", "--table-name", "cli-tables", "--query",
                "TimeToLiveDescription.TimeToLiveStatus"));
        assertTrue(run("tables", "list-tables", "--page-size", "1").contains("\"cli-tables\""));
        run("tables", "delete-table", "--table-name", "cli-tables");
        run("tables", "wait", "table-not-exists", "--table-name", "cli-tables");
        var gone = aws.attempt("dynamodb", "describe-table", "--table-name", "cli-tables");
        assertNotEquals(0, gone.status());
        assertTrue(gone.output().contains("(ResourceNotFoundException)"), gone.output());
    }

    @Test
    void items() throws IOException, InterruptedException {
        create("items", "cli-items", "--billing-mode", "PAY_PER_REQUEST");
        run("items", "put-item", "--table-name", "cli-items", "--item",
                "{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1\"},\"m\":{\"M\":{\"l\":{\"L\":[{\"NULL\":true},{\"B\":\"AP8=\"}]}}},\"v\":{\"N\":\"1\"}}");
        assertEquals("{\"Item\":{\"m\":{\"M\":{\"l\":{\"L\":[{\"NULL\":true},{\"B\":\"AP8=\"}]}}},\"v\":{\"N\":\"1\"}}}",
                run("items", "get-item", "--table-name", "cli-items", "--key", key("a", 1), "--projection-expression", "m, v"));
        assertEquals("{\"Attributes\":{\"v\":{\"N\":\"6\"}}}",
                run("items", "update-item", "--table-name", "cli-items", "--key", key("a", 1),
                        "--update-expression", "ADD v :v", "--expression-attribute-values", "{\":v\":{\"N\":\"5\"}}",
                        "--return-values", "UPDATED_NEW"));
        var failed = aws.attempt("dynamodb", "delete-item", "--table-name", "cli-items", "--key", key("a", 1),
                "--condition-expression",
                "attribute_not_exists(pk)");
        assertTrue(failed.output().contains("(ConditionalCheckFailedException)"), failed.output());
        run("items", "delete-item", "--table-name", "cli-items", "--key", key("a", 1));
        var puts = IntStream.range(0, 25).mapToObj(i -> "{\"PutRequest\":{\"Item\":" + key("b", i) + "}}")
                .collect(Collectors.joining(","));
        var file = Files.writeString(directory.resolve("batch.json"), "{\"cli-items\":[" + puts + "]}");
        assertEquals("{\"UnprocessedItems\":{}}", run("items", "batch-write-item", "--request-items", "file://" + file));
        var numbers = IntStream.range(0, 25).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(",", "[", "]"));
        assertEquals(numbers,
                run("items", "query", "--table-name", "cli-items", "--page-size", "7", "--key-condition-expression", "pk = :p",
                        "--expression-attribute-values", "{\":p\":{\"S\":\"b\"}}", "--query", "Items[].sk.N"),
                "put together from four pages");
        assertEquals("[10,true]",
                run("items", "scan", "--table-name", "cli-items", "--page-size", "4", "--max-items", "10", "--query",
                        "[length(Items),NextToken!=null]"));
        assertEquals("1", run("items", "batch-get-item", "--request-items",
                "{\"cli-items\":{\"Keys\":[" + key("b", 3) + "," + key("none", 3) + "]}}", "--query",
                "length(Responses.\"cli-items\")"));
    }

    private static String key(String pk, int sk) {
        return "{\"pk\":{\"S\":\"" + pk + "\"},\"sk\":{\"N\":\"" + sk + "\"}}";
    }

    @Test
    void transactions() throws IOException, InterruptedException {
        create("transactions", "cli-transactions", "--billing-mode", "PAY_PER_REQUEST");
        run("transactions", "transact-write-items", "--client-request-token", "cli", "--transact-items",
                "[{\"Put\":{\"TableName\":\"cli-transactions\",\"Item\":" + key("a", 1)
                        + "}},{\"Put\":{\"TableName\":\"cli-transactions\",\"Item\":"
                        + key("a", 2) + "}}]");
        assertEquals("[\"1\",\"2\"]", run("transactions", "transact-get-items", "--transact-items",
                "[{\"Get\":{\"TableName\":\"cli-transactions\",\"Key\":" + key("a", 1)
                        + "}},{\"Get\":{\"TableName\":\"cli-transactions\",\"Key\":"
                        + key("a", 2) + "}}]",
                "--query", "Responses[].Item.sk.N"));
        var canceled = aws.attempt("dynamodb", "transact-write-items", "--transact-items",
                "[{\"Put\":{\"TableName\":\"cli-transactions\",\"Item\":"
                        + key("a", 1) + ",\"ConditionExpression\":\"attribute_not_exists(pk)\"}}]");
        assertNotEquals(0, canceled.status());
        assertTrue(canceled.output().contains("(TransactionCanceledException)")
                && canceled.output().contains("[ConditionalCheckFailed]"), canceled.output());
        assertEquals("40000", run("transactions", "describe-limits", "--query", "TableMaxReadCapacityUnits"));
    }
}
