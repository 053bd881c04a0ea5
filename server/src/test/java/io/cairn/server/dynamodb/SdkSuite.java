package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverterProvider;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// One server for all tests of a class, as today's AWS SDK for Java sees it. What its clients carry out is noted for the table of operations.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SdkSuite {
    private final OperationsUsed used = new OperationsUsed();
    private DynamoDbServer server;
    private DynamoDbClient client;
    private DynamoDbStreamsClient streams;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        server = DynamoDbServer.start(directory);
        client = server.client(used);
        streams = server.streams(used);
    }

    @BeforeEach
    void name(TestInfo test) {
        used.by(test.getTestMethod().orElseThrow().getName());
    }

    @AfterAll
    void close() throws Exception {
        client.close();
        streams.close();
        server.close();
        used.compare(getClass().getSimpleName(),
                Arrays.stream(getClass().getDeclaredMethods())
                        .filter(m -> m.isAnnotationPresent(Test.class) || m.isAnnotationPresent(ParameterizedTest.class))
                        .map(m -> m.getName()).collect(Collectors.toSet()));
    }

    final DynamoDbServer server() {
        return server;
    }

    final DynamoDbClient client() {
        return client;
    }

    final DynamoDbStreamsClient streams() {
        return streams;
    }

    final OperationsUsed used() {
        return used;
    }

    /// Makes a table on demand: partition key `pk` (S), sort key `sk` (N), and what `more` adds.
    final String table(String name, Consumer<CreateTableRequest.Builder> more) {
        var request = CreateTableRequest.builder().tableName(name).billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attribute("pk", ScalarAttributeType.S), attribute("sk", ScalarAttributeType.N))
                .keySchema(hash("pk"), range("sk"));
        more.accept(request);
        client.createTable(request.build());
        client.waiter().waitUntilTableExists(t -> t.tableName(name));
        return name;
    }

    final String table(String name) {
        return table(name, _ -> {
        });
    }

    static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }

    static KeySchemaElement hash(String name) {
        return KeySchemaElement.builder().attributeName(name).keyType(KeyType.HASH).build();
    }

    static KeySchemaElement range(String name) {
        return KeySchemaElement.builder().attributeName(name).keyType(KeyType.RANGE).build();
    }

    static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue n(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    static Map<String, AttributeValue> key(String pk, long sk) {
        return Map.of("pk", s(pk), "sk", n(sk));
    }

    /// What the enhanced client makes of a JSON document; sets and binary values JSON has none.
    static Map<String, AttributeValue> item(String json) {
        return EnhancedDocument.builder().attributeConverterProviders(AttributeConverterProvider.defaultProvider())
                .json(json.replace('\'', '"')).build().toMap();
    }

    final void put(String table, String json) {
        client.putItem(p -> p.tableName(table).item(item(json)));
    }

    final Map<String, AttributeValue> get(String table, String pk, long sk) {
        return client.getItem(g -> g.tableName(table).key(key(pk, sk)).consistentRead(true)).item();
    }

    /// Values of one attribute, in the order of the items.
    static List<String> each(List<Map<String, AttributeValue>> items, String attribute) {
        return items.stream().map(item -> text(of(item, attribute))).toList();
    }

    private static String text(AttributeValue value) {
        return value.s() != null ? value.s() : value.n() != null ? value.n() : value.toString();
    }

    static <T> T of(Map<String, T> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    /// The service refuses it in just these words.
    static void assertRefused(String code, String message, Executable call) {
        var refused = assertThrows(DynamoDbException.class, call).awsErrorDetails();
        assertEquals(code + ": " + message, refused.errorCode() + ": " + refused.errorMessage());
    }

    static void assertRefusedCode(String code, Executable call) {
        assertEquals(code, assertThrows(DynamoDbException.class, call).awsErrorDetails().errorCode());
    }

    static void assertInvalid(String message, Executable call) {
        assertRefused("ValidationException", message, call);
    }
}
