package io.cairn.bench.objects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.bench.match.WrongAnswerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// What the checks of answers see.
class ListPageTest {
    private static ListPage page(String xml) {
        var page = new ListPage();
        for (int i = 0; i < xml.length(); i += 5)
            page.accept(ByteBuffer.wrap(xml.substring(i, Math.min(i + 5, xml.length())).getBytes(StandardCharsets.UTF_8)));
        page.scan();
        return page;
    }

    @Test
    void keysAndTheTokenAreFound() {
        var page = page("<R><KeyCount>2</KeyCount><NextContinuationToken>a&amp;b=</NextContinuationToken>"
                + "<Contents><Key>k1</Key></Contents><Contents><Key>k2</Key></Contents></R>");
        assertEquals(2, page.count());
        assertEquals("k1", page.firstKey());
        assertEquals("k2", page.lastKey());
        assertEquals("a&b=", page.nextToken());
    }

    @Test
    void aPageUsedAgainForgets() {
        var page = page("<Key>a</Key><NextContinuationToken>t</NextContinuationToken>");
        page.clear();
        page.scan();
        assertEquals(0, page.count());
        assertEquals("", page.firstKey());
        assertEquals("", page.nextToken());
    }

    @Test
    void oneOtherByteIsSeen() {
        var content = new Content(4096, 3);
        var bytes = content.body(4).array();
        content.check(4, bytes.length, crc32c(bytes));
        assertThrows(WrongAnswerException.class, () -> content.check(5, bytes.length, crc32c(bytes)));
        bytes[4095] ^= 1;
        assertThrows(WrongAnswerException.class, () -> content.check(4, bytes.length, crc32c(bytes)));
        assertThrows(WrongAnswerException.class, () -> content.check(4, bytes.length - 1, crc32c(content.body(4).array())));
    }

    private static long crc32c(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }
}
