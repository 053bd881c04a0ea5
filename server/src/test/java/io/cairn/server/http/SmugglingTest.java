package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Heads and bodies that two readers could understand differently: each is refused and ends its connection, so that what stands behind
/// is never taken for a request. In these texts `|` is CRLF, `\` is LF alone, `^` is CR alone, `_` a blank, `~` a tab, `0` a NUL.
class SmugglingTest {
    private static OpenDoor open;

    @BeforeAll
    static void open() throws IOException {
        open = new OpenDoor(Limits.DEFAULT);
    }

    @AfterAll
    static void close() {
        open.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 4|Transfer-Encoding: chunked||0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked|Content-Length: 4||0||
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 4|Content-Length: 4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 4|Content-Length: 5||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 4, 4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: +4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: -4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 0x4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 4 4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length:||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length: 9999999999999999999||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length_: 4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Content-Length~: 4||abcd
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding : chunked||0||
            400; PUT /echo HTTP/1.1|Host: h|_Content-Length: 4||abcd
            400; GET /hello HTTP/1.1|Host: h|A: b|_folded: c||
            400; GET /hello HTTP/1.1|Host: h|A: b|~folded||
            400; GET /hello HTTP/1.1|_Host: h||
            400; GET /hello HTTP/1.1\\Host: h\\\\
            400; GET /hello HTTP/1.1|Host: h\\||
            400; GET /hello HTTP/1.1|Host: h^A: b||
            400; GET /hello HTTP/1.1|Host: h|A: b^||
            400; GET /hello HTTP/1.1|Host: h|A: b^^||
            400; GET /hello HTTP/1.1|Host: h|A: bNULc||
            400; GET /hello HTTP/1.1|Host: h|: b||
            400; GET /hello HTTP/1.1|Host: h|no colon||
            400; GET /hello HTTP/1.1|Host: h|A(b): c||
            501; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: gzip, chunked||0||
            501; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: xchunked||0||
            501; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked, identity||0||
            501; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: identity||0||
            501; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding:||0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||
            400; PUT /echo HTTP/1.0|Host: h|Transfer-Encoding: chunked||0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||zz||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||+3|abc|0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||0x3|abc|0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||3_|abc|0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||3\\abc|0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||3|abcd|0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||3|abc\\0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||10000000000000000|abc|0||
            400; PUT /echo HTTP/1.1|Host: h|Transfer-Encoding: chunked||0|a: b\\|
            400; GET /hello HTTP/1.1||
            400; GET /hello HTTP/1.1|Host: a|Host: b||
            400; GET http://other/hello HTTP/1.1|Host: h||
            400; GET hello HTTP/1.1|Host: h||
            400; GET /hello /x HTTP/1.1|Host: h||
            400; GET  HTTP/1.1|Host: h||
            400; GET /hello|Host: h||
            400; GET /hel~lo HTTP/1.1|Host: h||
            400; GET /hello#x HTTP/1.1|Host: h||
            400; G(T /hello HTTP/1.1|Host: h||
            400; _GET /hello HTTP/1.1|Host: h||
            400; ||||||GET /hello HTTP/1.1|Host: h||
            505; GET /hello HTTP/2.0|Host: h||
            505; PRI * HTTP/2.0||SM||
            400; GET /hello HTTP/1.1x|Host: h||
            400; GET /hello http/1.1|Host: h||
            417; PUT /echo HTTP/1.1|Host: h|Content-Length: 4|Expect: the worst||abcd
            """, quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true)
    void isRefused(int status, String shape) throws IOException {
        var text = shape.strip().replace("|", "\r\n").replace("\\", "\n").replace("^", "\r").replace("_", " ").replace("~", "\t")
                .replace("NUL",
                        "\0");
        int before = open.face.completed.get();
        try (var client = open.connect()) {
            client.send(text + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
            var reply = client.read();
            assertEquals(status, reply.status(), reply.text());
            assertEquals("close", reply.header("connection"));
            assertTrue(client.ended(), "nothing behind it is answered");
        }
        assertEquals(before, open.face.completed.get());
    }

    @Test
    void othersAreNotHurt() throws IOException {
        try (var good = open.connect(); var bad = open.connect()) {
            assertEquals(200, good.get("/hello").status());
            assertEquals(400, bad.send("nonsense\r\n\r\n").read().status());
            assertEquals(200, good.get("/hello").status());
        }
    }
}
