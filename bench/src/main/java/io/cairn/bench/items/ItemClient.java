package io.cairn.bench.items;

import io.cairn.bench.http.HttpConnection;
import io.cairn.bench.http.SigV4;
import io.cairn.bench.match.Load.Worker;
import io.cairn.bench.match.WrongAnswerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// One connection that calls a server's operations, each request signed with its body, and looks at every answer. One thread.
final class ItemClient implements AutoCloseable {
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ITEM = "{\"Item\":".getBytes(StandardCharsets.US_ASCII);
    private static final int BATCH = 25;
    private static final Duration CREATED = Duration.ofSeconds(60);
    private final HttpConnection connection;
    private final SigV4 signer;
    private final String host;
    private final Records records;
    private final Body body;
    private byte[] answer = new byte[32 << 10];
    private int length;

    ItemClient(ItemServer server, Records records) throws IOException {
        connection = new HttpConnection(server.port());
        host = "127.0.0.1:" + server.port();
        signer = new SigV4(host, server.keys().access(), server.keys().secret(), "us-east-1", "dynamodb", Instant.now());
        this.records = records;
        body = new Body(records);
    }

    /// The request to fill before [#call].
    Body body() {
        return body.clear();
    }

    /// Sends [#body()] and takes the answer.
    void call(String operation) throws IOException {
        var bytes = body.bytes();
        var head = "POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: "
                + bytes.remaining() + "\r\n" + signer.headers("DynamoDB_20120810." + operation, bytes) + "\r\n";
        length = 0;
        connection.exchange(head.getBytes(StandardCharsets.ISO_8859_1), bytes, this::take);
    }

    private void take(ByteBuffer piece) {
        int count = piece.remaining();
        if (length + count > answer.length)
            answer = Arrays.copyOf(answer, 2 * (length + count));
        piece.get(answer, length, count);
        length += count;
    }

    byte[] answer() {
        return answer;
    }

    int length() {
        return length;
    }

    String text() {
        return new String(answer, 0, length, StandardCharsets.UTF_8);
    }

    static String key(long record) {
        return "\"k\":{\"S\":\"" + Records.key(record) + "\"}";
    }

    /// GetItem of a record of the table.
    ///
    /// @param most asked after the answer is there: the highest version there can be
    void get(String table, long record, LongSupplier most) throws IOException {
        body().add("{\"TableName\":\"").add(table).add("\",\"Key\":{").add(key(record)).add("}}");
        call("GetItem");
        if (length < ITEM.length || Arrays.mismatch(ITEM, 0, ITEM.length, answer, 0, ITEM.length) >= 0)
            throw new WrongAnswerException("no item: " + Records.shortened(answer, length));
        int at = records.check(answer, ITEM.length, length, record, 1, most.getAsLong());
        ended(Records.expect(answer, at, length, (byte) '}'));
    }

    /// Version of `field` in the item that [#get] has read.
    long version(int field) {
        return Records.version(answer, length, field);
    }

    void put(String table, long record, long version) throws IOException {
        body().add("{\"TableName\":\"").add(table).add("\",\"Item\":").item(key(record), record, version).add("}");
        call("PutItem");
        empty();
    }

    /// UpdateItem of one field.
    void update(String table, long record, int field, long version) throws IOException {
        body().add("{\"TableName\":\"").add(table).add("\",\"Key\":{").add(key(record))
                .add("},\"UpdateExpression\":\"SET field").add(Integer.toString(field))
                .add(" = :v\",\"ExpressionAttributeValues\":{\":v\":{\"S\":\"").field(record, field, version).add("\"}}}");
        call("UpdateItem");
        empty();
    }

    /// TransactWriteItems of two puts.
    void putTwo(String table, long one, long other, long version) throws IOException {
        body().add("{\"TransactItems\":[{\"Put\":{\"TableName\":\"").add(table).add("\",\"Item\":")
                .item(key(one), one, version).add("}},{\"Put\":{\"TableName\":\"").add(table).add("\",\"Item\":")
                .item(key(other), other, version).add("}}]}");
        call("TransactWriteItems");
        empty();
    }

    /// What becomes of `count` items in one BatchWriteItem.
    @FunctionalInterface
    interface Nth { void item(Body body, int number); }

    void batch(String table, int count, Nth nth) throws IOException {
        body().add("{\"RequestItems\":{\"").add(table).add("\":[");
        for (int i = 0; i < count; i++) {
            body.add(i == 0 ? "" : ",").add("{\"PutRequest\":{\"Item\":");
            nth.item(body, i);
            body.add("}}");
        }
        body.add("]}}");
        call("BatchWriteItem");
        if (!text().equals("{\"UnprocessedItems\":{}}"))
            throw new WrongAnswerException("not all was written: " + Records.shortened(answer, length));
    }

    /// Makes a table and waits for it.
    ///
    /// @param sort empty for none
    void createTable(String table, String hash, String sort) throws IOException, InterruptedException {
        var schema = "{\"AttributeName\":\"" + hash + "\",\"KeyType\":\"HASH\"}";
        var types = "{\"AttributeName\":\"" + hash + "\",\"AttributeType\":\"S\"}";
        if (!sort.isEmpty()) {
            schema += ",{\"AttributeName\":\"" + sort + "\",\"KeyType\":\"RANGE\"}";
            types += ",{\"AttributeName\":\"" + sort + "\",\"AttributeType\":\"S\"}";
        }
        body().add("{\"TableName\":\"" + table + "\",\"KeySchema\":[" + schema + "],\"AttributeDefinitions\":[" + types
                + "],\"BillingMode\":\"PAY_PER_REQUEST\"}");
        call("CreateTable");
        for (long end = System.nanoTime() + CREATED.toNanos(); !text().contains("\"TableStatus\":\"ACTIVE\"");) {
            if (System.nanoTime() > end)
                throw new WrongAnswerException("table " + table + " did not become ACTIVE");
            Thread.sleep(20);
            body().add("{\"TableName\":\"" + table + "\"}");
            call("DescribeTable");
        }
    }

    /// Puts items 0 to `count` - 1, 25 at a time.
    ///
    /// @param nth writes item `first` + number
    void fill(String table, int first, int end, Nth nth) throws IOException {
        for (int from = first; from < end; from += BATCH) {
            int begin = from;
            batch(table, Math.min(BATCH, end - from), (to, number) -> nth.item(to, begin + number));
        }
    }

    private void empty() {
        if (length != 2 || answer[0] != EMPTY[0] || answer[1] != EMPTY[1])
            throw new WrongAnswerException("not {}: " + Records.shortened(answer, length));
    }

    private void ended(int at) {
        if (at != length)
            throw new WrongAnswerException("more behind byte " + at + ": " + Records.shortened(answer, length));
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /// One operation of a worker; returns what is counted besides.
    @FunctionalInterface
    interface Operation { long run(ItemClient client, long index) throws Exception; }

    static Worker worker(ItemServer server, Records records, Operation operation) throws IOException {
        var client = new ItemClient(server, records);
        return new Worker() {
            @Override
            public long work(long index) throws Exception {
                return operation.run(client, index);
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }
}
