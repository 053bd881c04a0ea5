package io.cairn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// A head reads the same however it arrives, and no bytes make the parser fail in another way than by refusing.
class HeadParserProperties {
    private static String outcome(byte[] bytes, @Nullable Random splits) {
        var parser = new HeadParser(Limits.DEFAULT);
        var in = Unpooled.buffer();
        var outcome = new StringBuilder();
        for (int from = 0; from < bytes.length;) {
            int length = splits == null ? bytes.length : Math.min(1 + splits.nextInt(9), bytes.length - from);
            in.writeBytes(bytes, from, length);
            from += length;
            try {
                for (var head = parser.parse(in); head != null; head = parser.parse(in))
                    outcome.append(head.method()).append(' ').append(head.rawPath()).append(' ').append(head.rawQuery())
                            .append(head.headers().entries().toString()).append(head.bodyBytes()).append(head.keepAlive())
                            .append('\n');
            } catch (RefusedException e) {
                return outcome + e.getMessage();
            }
        }
        return outcome + "more";
    }

    @Property(tries = 500)
    void aHeadReadsTheSameHoweverItIsSplit(@ForAll("heads") String text, @ForAll Random random) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(outcome(bytes, null), outcome(bytes, random));
    }

    @Property(tries = 500)
    void aHeadThatIsRightIsRead(@ForAll("names") List<String> names, @ForAll Random random) {
        var text = new StringBuilder("GET /a?b HTTP/1.1\r\nhost: h\r\n");
        for (var name : names)
            text.append(name).append(":\t value of it \r\n");
        var in = Unpooled.copiedBuffer(text + "\r\n", StandardCharsets.ISO_8859_1);
        var head = new HeadParser(Limits.DEFAULT).parse(in);
        assertNotNull(head);
        assertTrue(!in.isReadable());
        for (var name : names)
            assertEquals("value of it", head.headers().get(name));
        assertEquals(names.size() + 1, head.headers().size());
    }

    @Provide
    Arbitrary<List<String>> names() {
        var name = Arbitraries.oneOf(
                Arbitraries.strings().withChars("abXY-_!09").ofMinLength(1).ofMaxLength(12).map(n -> "x" + n),
                Arbitraries.of("Content-Type", "X-Amz-Date", "RANGE", "authorization"));
        return name.list().ofMaxSize(20);
    }

    @Provide
    Arbitrary<String> heads() {
        var pieces = Arbitraries.of("GET ", "PUT ", "/", "/a?b", " HTTP/1.1", "\r\n", "\r\n", "\r\n", "Host: h\r\n",
                "Content-Length: 5\r\n",
                "Content-Length: x\r\n", "Transfer-Encoding: chunked\r\n", "A: b\r\n", " ", "\n", "\r", "\0", ":", "é",
                "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        return pieces.list().ofMinSize(1).ofMaxSize(14).map(list -> String.join("", list));
    }
}
