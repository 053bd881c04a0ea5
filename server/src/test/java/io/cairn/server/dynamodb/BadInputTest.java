package io.cairn.server.dynamodb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.http.RawClient;
import io.cairn.server.http.RawClient.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What is no request, over the server's socket: each is told the service's own error, in its form, and leaves the server serving and the table
/// as it was. Texts are those that dynalite's tests and program recorded from the service, and those of the API reference ("Error handling").
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("unchecked") // the SDK takes generic varargs
class BadInputTest {
    private static final String VALIDATION = "com.amazon.coral.validate#ValidationException";
    private static final String SERVICE = "com.amazon.coral.service#";
    private static final String SERIALIZATION = SERVICE + "SerializationException";
    private static final String KEPT = "\"TableName\":\"kept\"";
    private static final String MEGABYTE = "x".repeat(1 << 20);

    private DynamoDbServer server;
    private DynamoDbClient client;
    private List<Map<String, AttributeValue>> before;

    @BeforeAll
    void open(@TempDir Path directory) throws Exception {
        server = DynamoDbServer.start(directory);
        client = server.client();
        client.createTable(t -> t.tableName("kept").billingMode("PAY_PER_REQUEST")
                .attributeDefinitions(a -> a.attributeName("pk").attributeType("S"))
                .keySchema(k -> k.attributeName("pk").keyType("HASH")));
        for (int i = 0; i < 3; i++) {
            var pk = "p" + i;
            client.putItem(p -> p.tableName("kept").item(Map.of("pk", AttributeValue.fromS(pk), "v", AttributeValue.fromN("1"))));
        }
        before = client.scan(x -> x.tableName("kept")).items();
        assertEquals(3, before.size());
    }

    @AfterAll
    void close() {
        client.close();
        server.close();
    }

    @AfterEach
    void nothingIsLost() {
        assertEquals(before, client.scan(x -> x.tableName("kept").consistentRead(true)).items());
        assertEquals(List.of("kept"), client.listTables().tableNames());
    }

    private SignedPost.Plain plain(String operation) {
        return new SignedPost.Plain(server, operation);
    }

    private Reply send(byte[] wire) throws IOException {
        try (var connection = new RawClient(server.uri().getPort())) {
            return connection.send(wire).read();
        }
    }

    /// @param message null for none
    private static String json(String type, String member, @Nullable String message) {
        return "{\"__type\":\"" + type + "\"" + (message == null
                ? ""
                : ",\"" + member + "\":\"" + message.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"")
                + "}";
    }

    private static void assertReply(int status, String body, Reply reply) {
        assertEquals(status + " " + body, reply.status() + " " + reply.text());
        assertForm(reply);
    }

    /// The protocol's own form, which clients check: its type, a request id, and a checksum of just these bytes.
    private static void assertForm(Reply reply) {
        assertEquals("application/x-amz-json-1.0", reply.header("content-type"));
        var crc = new CRC32();
        crc.update(reply.body());
        assertEquals(Long.toString(crc.getValue()), reply.header("x-amz-crc32"));
        assertTrue(!reply.header("x-amzn-requestid").isEmpty());
    }

    static List<String> noJson() {
        return List.of("", " ", "hi", "{", "}", "{\"TableName\"", "{\"TableName\":", "{" + KEPT, "{" + KEPT + ",}",
                "{" + KEPT + "}}", "{" + KEPT + "} {}",
                "{'TableName':'kept'}", "{TableName:\"kept\"}", "{\"TableName\":kept}", "{\"Limit\":01}", "{\"Limit\":+1}",
                "{\"Limit\":.5}", "{\"Limit\":1.}",
                "{\"Limit\":0x10}", "{\"Limit\":NaN}", "{\"Limit\":-}", "{\"Limit\":1e}", "{\"TableName\":\"a\\x\"}",
                "{\"TableName\":\"a\\u12\"}",
                "{\"TableName\":\"a\nb\"}", "{\"TableName\":\"a\tb\"}", "{\"TableName\":\"kept", "{\"ConsistentRead\":True}",
                "{\"ConsistentRead\":tru}",
                "/* c */{" + KEPT + "}", "{" + KEPT + "// c\n}", "\u0000{" + KEPT + "}", "\uFEFF\uFEFF{" + KEPT + "}",
                "{" + KEPT + " \"Limit\":1}", "{" + KEPT + ";\"Limit\":1}",
                "null", "true", "17", "\"text\"", "[]", "[{}]", "[".repeat(100_000), "{\"a\":".repeat(100_000),
                "{\"Limit\":" + "9".repeat(2000) + "}");
    }

    @ParameterizedTest
    @MethodSource
    void noJson(String body) throws IOException {
        assertReply(400, json(SERIALIZATION, "Message", null), send(plain("Scan").sign(body).wire()));
    }

    static List<String> noUtf8() {
        return List.of("FF", "80", "C3", "C080", "C1BF", "EDA080", "E282", "F5808080", "F08080AF", "F4908080");
    }

    /// Bytes that are no UTF-8 within a string: cut, overlong, half a surrogate pair, beyond what Unicode has.
    @ParameterizedTest
    @MethodSource
    void noUtf8(String bytes) throws IOException {
        var body = new ByteArrayOutputStream();
        body.writeBytes(("{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"").getBytes(UTF_8));
        body.writeBytes(HexFormat.of().parseHex(bytes));
        body.writeBytes("\"}}}".getBytes(UTF_8));
        assertReply(400, json(SERIALIZATION, "Message", null), send(plain("PutItem").sign("POST", body.toByteArray()).wire()));
    }

    static List<Arguments> wrongTypes() {
        return List.of(Arguments.of("Scan", "{\"TableName\":1}", "NUMBER_VALUE cannot be converted to String"),
                Arguments.of("Scan", "{\"TableName\":true}", "TRUE_VALUE cannot be converted to String"),
                Arguments.of("Scan", "{\"TableName\":[\"kept\"]}", "Unrecognized collection type class java.lang.String"),
                Arguments.of("Scan", "{\"TableName\":{\"S\":\"kept\"}}", "Start of structure or map found where not expected"),
                Arguments.of("Scan", "{" + KEPT + ",\"Limit\":\"5\"}", "STRING_VALUE cannot be converted to Integer"),
                Arguments.of("Scan", "{" + KEPT + ",\"ConsistentRead\":1}", "NUMBER_VALUE cannot be converted to Boolean"),
                Arguments.of("Scan", "{" + KEPT + ",\"AttributesToGet\":\"v\"}", "Unexpected field type"),
                Arguments.of("Scan", "{" + KEPT + ",\"AttributesToGet\":[1]}", "NUMBER_VALUE cannot be converted to String"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":\"pk\"}", "Unexpected field type"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":[]}",
                        "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":\"a\"}}", "Unexpected value type in payload"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":{\"S\":1}}}",
                        "NUMBER_VALUE cannot be converted to String"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":{\"N\":1}}}",
                        "NUMBER_VALUE cannot be converted to String"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":{\"SS\":\"a\"}}}", "Unexpected field type"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":{\"B\":\"!\"}}}",
                        "Base64 encoded length is expected a multiple of 4 bytes but found: 1"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"a\"},\"v\":{\"M\":[]}}}",
                        "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"),
                Arguments.of("BatchWriteItem", "{\"RequestItems\":{\"kept\":{}}}",
                        "Start of structure or map found where not expected"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongTypes(String operation, String body, String message) throws IOException {
        assertReply(400, json(SERIALIZATION, "Message", message), send(plain(operation).sign(body).wire()));
    }

    static List<Arguments> wrongValues() {
        var item = "{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"a\"},\"v\":";
        return List.of(
                Arguments.of("PutItem", item + "{}}}",
                        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
                Arguments.of("PutItem", item + "{\"S\":\"a\",\"N\":\"1\"}}}",
                        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"),
                Arguments.of("PutItem", item + "{\"N\":\"1e999\"}}}",
                        "Number overflow. Attempting to store a number with magnitude larger than supported range"),
                Arguments.of("PutItem", item + "{\"N\":\"-1e-999\"}}}",
                        "Number underflow. Attempting to store a number with magnitude smaller than supported range"),
                Arguments.of("PutItem", item + "{\"N\":\"\"}}}", "The parameter cannot be converted to a numeric value"),
                Arguments.of("PutItem", item + "{\"N\":\"NaN\"}}}", "The parameter cannot be converted to a numeric value: NaN"),
                Arguments.of("PutItem", item + "{\"N\":\"" + "1".repeat(1 << 20) + "\"}}}",
                        "Attempting to store more than 38 significant digits in a Number"),
                Arguments.of("PutItem", item + "{\"NULL\":false}}}",
                        "One or more parameter values were invalid: Null attribute value types must have the value of true"),
                Arguments.of("PutItem", item + "{\"SS\":[]}}}",
                        "One or more parameter values were invalid: An string set  may not be empty"),
                Arguments.of("PutItem", item + "{\"NS\":[\"1\",\"1.0\"]}}}", "Input collection contains duplicates"),
                Arguments.of("PutItem", item + "{\"L\":[".repeat(40) + "{\"S\":\"x\"}" + "]}".repeat(40) + "}}",
                        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"),
                Arguments.of("PutItem", item + "{\"S\":\"" + MEGABYTE + "\"}}}",
                        "Item size has exceeded the maximum allowed size"),
                Arguments.of("PutItem", item + "{\"B\":\"" + "AAAA".repeat(1 << 18) + "\"}}}",
                        "Item size has exceeded the maximum allowed size"),
                Arguments.of("PutItem", "{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"" + MEGABYTE + "\"}}}",
                        "Item size has exceeded the maximum allowed size"),
                Arguments.of("GetItem", "{" + KEPT + ",\"Key\":{\"pk\":{\"S\":\"" + MEGABYTE + "\"}}}",
                        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"),
                Arguments.of("Scan", "{" + KEPT + ",\"FilterExpression\":\"" + MEGABYTE + "\"}",
                        "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 1048576"),
                Arguments.of("Scan",
                        "{" + KEPT + ",\"FilterExpression\":\"" + "(".repeat(1000) + "v = v" + ")".repeat(1000) + "\"}",
                        "Invalid FilterExpression: The expression has redundant parentheses;"),
                Arguments.of("Scan", "{\"TableName\":\"" + MEGABYTE + "\"}", "1 validation error detected: Value '" + MEGABYTE
                        + "' at 'tableName' failed to satisfy constraint: Member must have length less than or equal to 255"),
                Arguments.of("Scan", "{" + KEPT + ",\"Limit\":-2147483649}",
                        "1 validation error detected: Value '-2147483648' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
                Arguments.of("Scan", "{}",
                        "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
                Arguments.of("Scan", "{\"TableName\":null}",
                        "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"),
                Arguments.of("Scan", "{" + KEPT + ",\"Select\":\"SOME\"}",
                        "1 validation error detected: Value 'SOME' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongValues(String operation, String body, String message) throws IOException {
        assertReply(400, json(VALIDATION, "message", message), send(plain(operation).sign(body).wire()));
    }

    @Test
    void attributeNamesAreBounded() throws IOException {
        var reply = send(plain("PutItem")
                .sign("{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"a\"},\"" + MEGABYTE + "\":{\"S\":\"x\"}}}").wire());
        assertEquals(400, reply.status());
        assertTrue(reply.text().startsWith("{\"__type\":\"" + VALIDATION + "\",\"message\":\""), reply::text);
        assertForm(reply);
    }

    /// Of two members of one name the last counts, as for every JSON library of the SDKs.
    @Test
    void theLastOfEqualMembersCounts() throws IOException {
        assertEquals(200, send(plain("Scan").sign("{\"TableName\":\"none\"," + KEPT + "}").wire()).status());
        assertReply(400,
                json("com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message", "Requested resource not found"),
                send(plain("Scan").sign("{" + KEPT + ",\"TableName\":\"none\"}").wire()));
        assertEquals(200,
                send(plain("PutItem").sign("{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"x\"},\"pk\":{\"S\":\"y\"}}}").wire())
                        .status());
        var items = client.scan(x -> x.tableName("kept")).items().stream().map(item -> String.valueOf(item.get("pk")))
                .filter(pk -> !pk.contains("p")).toList();
        client.deleteItem(d -> d.tableName("kept").key(Map.of("pk", AttributeValue.fromS("x"))));
        client.deleteItem(d -> d.tableName("kept").key(Map.of("pk", AttributeValue.fromS("y"))));
        assertEquals(List.of("AttributeValue(S=y)"), items);
    }

    static List<String> wrongTargets() {
        return List.of("", "whatever", "DynamoDB_20120810", "DynamoDB_20120810.", "DynamoDB_20120810.ListTable",
                "DynamoDB_20120810.listTables",
                "dynamodb_20120810.ListTables", "DynamoDB_20111205.ListTables", "DynamoDB_20120810.ListTables.x",
                "DynamoDBStreams_20120810.ListTables",
                "DynamoDB_20120810.ListStreams", "x".repeat(8000));
    }

    @ParameterizedTest
    @MethodSource
    void wrongTargets(String target) throws IOException {
        assertReply(400, json(SERVICE + "UnknownOperationException", "message", null),
                send(plain("").withTarget(target).sign("{}").wire()));
    }

    static List<Arguments> noRequestsOfTheProtocol() {
        return List.of(Arguments.of("GET", ""), Arguments.of("PUT", "application/x-amz-json-1.0"), Arguments.of("DELETE", ""),
                Arguments.of("PATCH", "application/json"),
                Arguments.of("POST", "text/plain"), Arguments.of("POST", ""),
                Arguments.of("POST", "application/x-www-form-urlencoded"),
                Arguments.of("POST", "application/x-amz-json-1.1"));
    }

    /// Recorded from the service: 404 in XML.
    @ParameterizedTest
    @MethodSource
    void noRequestsOfTheProtocol(String method, String contentType) throws IOException {
        var body = method.equals("GET") || method.equals("DELETE") ? "" : "{}";
        var reply = send(plain("ListTables").withContentType(contentType).sign(method, body.getBytes(UTF_8)).wire());
        assertEquals("404 <UnknownOperationException/>\n", reply.status() + " " + reply.text());
        assertEquals("3552371480", reply.header("x-amz-crc32"));
    }

    record Spoiled(String name, UnaryOperator<SignedPost> spoiling, String type, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String MISMATCH = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and"
            + " signing method. Consult the service documentation for details.";

    static List<Spoiled> spoiledSignatures() {
        var spoiled = new ArrayList<Spoiled>();
        spoiled.add(new Spoiled("no authorization", post -> post.without("authorization"), "MissingAuthenticationTokenException",
                "Request is missing Authentication Token"));
        spoiled.add(new Spoiled("another scheme", post -> post.with("authorization", "Bearer x"),
                "MissingAuthenticationTokenException", "Request is missing Authentication Token"));
        spoiled.add(new Spoiled("body", post -> post.withBody("{\"Limit\":1}".getBytes(UTF_8)), "InvalidSignatureException",
                MISMATCH));
        spoiled.add(new Spoiled("target", post -> post.with("x-amz-target", "DynamoDB_20120810.DescribeLimits"),
                "InvalidSignatureException", MISMATCH));
        spoiled.add(new Spoiled("a digit of the signature",
                post -> post.with("authorization", post.header("authorization").replaceFirst("Signature=.", "Signature=g")),
                "InvalidSignatureException", MISMATCH));
        spoiled.add(new Spoiled("host not signed",
                post -> post.with("authorization", post.header("authorization").replaceFirst("host;", "")),
                "InvalidSignatureException",
                "'Host' must be a 'SignedHeader' in the AWS Authorization."));
        spoiled.add(new Spoiled("no date", post -> post.without("x-amz-date", "date"), "IncompleteSignatureException",
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."));
        return spoiled;
    }

    @ParameterizedTest
    @MethodSource
    void spoiledSignatures(Spoiled spoiled) throws IOException {
        var reply = send(spoiled.spoiling.apply(plain("ListTables").sign("{}")).wire());
        assertEquals(400, reply.status(), reply::text);
        assertTrue(reply.text().startsWith(json(SERVICE + spoiled.type, "message", spoiled.message).replace("\"}", "")),
                reply::text);
        assertForm(reply);
    }

    @Test
    void wrongKeysAreTold() throws IOException {
        assertReply(400,
                json(SERVICE + "UnrecognizedClientException", "message",
                        "The security token included in the request is invalid."),
                send(plain("ListTables").withKeys("AKNOBODY", "x").sign("{}").wire()));
        var mismatch = send(plain("ListTables").withKeys(DynamoDbServer.ROOT_KEY, "wrong").sign("{}").wire());
        assertEquals(400, mismatch.status());
        assertTrue(
                mismatch.text().startsWith("{\"__type\":\"" + SERVICE + "InvalidSignatureException\",\"message\":\"" + MISMATCH),
                mismatch::text);
        assertForm(mismatch);
    }

    @Test
    void aClockThatIsWrongIsTold() throws IOException {
        for (var off : List.of(Duration.ofMinutes(-20), Duration.ofDays(-30))) {
            var reply = send(plain("ListTables").at(Instant.now().plus(off)).sign("{}").wire());
            assertTrue(reply.text()
                    .matches("\\{\"__type\":\"" + SERVICE
                            + "InvalidSignatureException\",\"message\":\"Signature expired: \\d{8}T\\d{6}Z is now earlier than"
                            + " \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z - 15 min\\.\\)\"}"),
                    reply::text);
            assertEquals(400, reply.status());
            assertForm(reply);
        }
        var future = send(plain("ListTables").at(Instant.now().plus(Duration.ofMinutes(20))).sign("{}").wire());
        assertTrue(future.text().matches("\\{\"__type\":\"" + SERVICE
                + "InvalidSignatureException\",\"message\":\"Signature not yet current: \\d{8}T\\d{6}Z is still later than"
                + " \\d{8}T\\d{6}Z \\(\\d{8}T\\d{6}Z \\+ 15 min\\.\\)\"}"), future::text);
        assertForm(future);
    }

    /// What Authorization says, from nothing to nearly all.
    static List<Arguments> noAuthorizations() {
        var credential = "Authorization header requires 'Credential' parameter. ";
        var signature = "Authorization header requires 'Signature' parameter. ";
        var headers = "Authorization header requires 'SignedHeaders' parameter. ";
        return List.of(Arguments.of("AWS4", "MissingAuthenticationTokenException", "Request is missing Authentication Token"),
                Arguments.of("AWS AKNOBODY:c2ln", "MissingAuthenticationTokenException",
                        "Request is missing Authentication Token"),
                Arguments.of("AWS4-", "IncompleteSignatureException", credential + signature + headers + "Authorization=AWS4-"),
                Arguments.of("AWS4-HMAC-SHA256 Credential=a", "IncompleteSignatureException",
                        signature + headers + "Authorization=AWS4-HMAC-SHA256 Credential=a"),
                Arguments.of("AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=x", "IncompleteSignatureException",
                        credential + "Authorization=AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=x"),
                Arguments.of("AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=x",
                        "IncompleteSignatureException",
                        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'"));
    }

    @ParameterizedTest
    @MethodSource
    void noAuthorizations(String authorization, String type, String message) throws IOException {
        assertReply(400, json(SERVICE + type, "message", message),
                send(plain("ListTables").sign("{}").with("authorization", authorization).wire()));
    }

    /// The request is never carried out, whether the client goes away or waits.
    @Test
    void cutBodiesAreNotCarriedOut() throws Exception {
        var put = plain("PutItem").sign("{" + KEPT + ",\"Item\":{\"pk\":{\"S\":\"cut\"}}}").wire();
        for (int left : new int[]{1, 10, 30}) {
            try (var connection = new RawClient(server.uri().getPort())) {
                connection.send(Arrays.copyOf(put, put.length - left));
            }
        }
        var half = new String(put, ISO_8859_1).replaceFirst("content-length: \\d+", "content-length: 20");
        var reply = send(half.getBytes(ISO_8859_1));
        assertEquals(400, reply.status());
        assertTrue(reply.text().contains("InvalidSignatureException"), reply::text);
        assertForm(reply);
    }

    /// Larger than the service takes: refused before it was sent, in its words, and the connection ends.
    @Test
    void tooLargeBodiesAreRefused() throws IOException {
        var huge = plain("PutItem").sign("{}").with("content-length", Integer.toString((16 << 20) + 1)).withMethod("POST");
        var reply = send(huge.wire());
        assertReply(413, json(SERVICE + "RequestEntityTooLargeException", "message", null), reply);
    }

    @Test
    void aConnectionGoesOnAfterEachRefusal() throws IOException {
        try (var connection = new RawClient(server.uri().getPort())) {
            for (var body : List.of("hi", "{\"TableName\":1}", "{\"TableName\":\"none\"}", "{}")) {
                assertEquals(400, connection.send(plain("Scan").sign(body).wire()).read().status());
                var good = connection.send(plain("Scan").sign("{" + KEPT + ",\"Select\":\"COUNT\"}").wire()).read();
                assertEquals("{\"Count\":3,\"ScannedCount\":3}", good.text());
            }
        }
    }
}
