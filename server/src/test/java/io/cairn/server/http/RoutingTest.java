package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.server.metrics.Registry;
import io.cairn.server.sigv4.SdkSigned;
import io.cairn.server.sigv4.SigV4;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which of several faces words a refusal: the one that the request is for, as far as can be seen.
class RoutingTest {
    private record NamedFace(String service) implements Face {
        @Override
        public void serve(Exchange exchange) {
            exchange.answer(text(200, service + " serves"));
        }

        @Override
        public Answer refusal(Request request, String requestId, Refusal refusal) {
            return text(refusal.status(), service + " refuses");
        }

        private static Answer text(int status, String text) {
            return Answer.of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-None: x | s3 serves
            X-Amz-Target: DynamoDB_20120810.ListTables | dynamodb serves
            Authorization: none | s3 refuses
            X-Amz-Target: DynamoDB_20120810.ListTables#Authorization: none | dynamodb refuses
            X-Amz-Target: DynamoDB_20120810.ListTables#Authorization: AWS4-HMAC-SHA256 Credential=a | dynamodb refuses
            """)
    void aTargetTellsTheFace(String headers, String expected) throws IOException {
        var loops = new EventLoops(1);
        var workers = new Workers(1, 1);
        var settings = new FrontDoor.Settings("aws", List.of(new NamedFace("s3"), new NamedFace("dynamodb")),
                new SigV4(SdkSigned.credentials(), InstantSource.system()), null, false, Limits.DEFAULT, new Registry(),
                InstantSource.system());
        var door = new FrontDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings, loops, workers);
        try (var client = new RawClient(door.address().getPort())) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" + headers.replace("#", "\r\n") + "\r\n\r\n");
            assertEquals(expected, client.read().text());
        } finally {
            door.close();
            workers.close();
            loops.close();
        }
    }
}
