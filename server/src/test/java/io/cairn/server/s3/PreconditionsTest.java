package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectMetadata;
import io.cairn.server.http.RefusedException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Conditions of reads, alone and together.
class PreconditionsTest {
    private static final String BEFORE = "Tue, 03 Feb 2026 11:59:59 GMT";
    private static final String SAME = "Tue, 03 Feb 2026 12:00:00 GMT";
    private static final String AFTER = "Tue, 03 Feb 2026 12:00:01 GMT";
    private static final ObjectInfo OBJECT = new ObjectInfo("key", 5, "abc", Instant.parse("2026-02-03T12:00:00.900Z"),
            ObjectMetadata.EMPTY,
            null, 0, ObjectInfo.NULL_VERSION, Map.of());

    /// 200, 304 or 412.
    private static int status(DefaultHttpHeaders headers) {
        try {
            return switch (Preconditions.ofRead(headers, OBJECT)) {
                case SEND -> 200;
                case NOT_MODIFIED -> 304;
            };
        } catch (RefusedException e) {
            return e.refusal().status();
        }
    }

    private static DefaultHttpHeaders headers(String... namesAndValues) {
        var headers = new DefaultHttpHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2)
            headers.set(namesAndValues[i], namesAndValues[i + 1]);
        return headers;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"If-Match|\"abc\"|200", "If-Match|abc|200", "If-Match|*|200",
            "If-Match|\"x\", \"abc\"|200",
            "If-Match|\"x\"|412", "If-Match|W/\"abc\"|200", "If-None-Match|\"abc\"|304", "If-None-Match|*|304",
            "If-None-Match|\"x\"|200",
            "If-None-Match|\"x\",\"abc\"|304", "If-Modified-Since|" + BEFORE + "|200", "If-Modified-Since|" + SAME + "|304",
            "If-Modified-Since|" + AFTER + "|304", "If-Modified-Since|yesterday|200", "If-Unmodified-Since|" + BEFORE + "|412",
            "If-Unmodified-Since|" + SAME + "|200", "If-Unmodified-Since|" + AFTER + "|200", "If-Unmodified-Since|yesterday|200"})
    void alone(String name, String value, int expected) {
        assertEquals(expected, status(headers(name, value)));
    }

    @Test
    void entityTagsGoBeforeDates() {
        assertEquals(200, status(headers("If-Match", "abc", "If-Unmodified-Since", BEFORE)));
        assertEquals(412, status(headers("If-Match", "x", "If-Unmodified-Since", AFTER)));
        assertEquals(304, status(headers("If-None-Match", "abc", "If-Modified-Since", BEFORE)));
        assertEquals(200, status(headers("If-None-Match", "x", "If-Modified-Since", AFTER)));
        assertEquals(412, status(headers("If-Match", "x", "If-None-Match", "abc")));
    }

    @Test
    void aCopyIsNeverNotModified() {
        assertThrows(RefusedException.class,
                () -> Preconditions.ofCopySource(headers("x-amz-copy-source-if-none-match", "abc"), OBJECT));
        assertThrows(RefusedException.class,
                () -> Preconditions.ofCopySource(headers("x-amz-copy-source-if-match", "x"), OBJECT));
        assertDoesNotThrow(
                () -> Preconditions.ofCopySource(headers("x-amz-copy-source-if-match", "abc", "If-Match", "x"), OBJECT));
    }

    @Test
    void aRangeIsHeededOnlyInTheStateItWasMeantFor() {
        assertTrue(Preconditions.ifRange(headers(), OBJECT));
        assertTrue(Preconditions.ifRange(headers("If-Range", "\"abc\""), OBJECT));
        assertFalse(Preconditions.ifRange(headers("If-Range", "\"x\""), OBJECT));
        assertTrue(Preconditions.ifRange(headers("If-Range", SAME), OBJECT));
        assertFalse(Preconditions.ifRange(headers("If-Range", AFTER), OBJECT));
    }
}
