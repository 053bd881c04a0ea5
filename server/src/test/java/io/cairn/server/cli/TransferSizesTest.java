package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferSizesTest {
    @Property
    void partsAreNeverTooManyNorSmallerThanS3Allows(@ForAll @LongRange(min = 1, max = 48L << 40) long length) {
        long part = ObjectUpload.filePartBytes(length);
        assertTrue(part >= 5 << 20 && part % (1 << 20) == 0);
        assertTrue(Math.ceilDiv(length, part) <= ObjectUpload.MAX_PARTS);
    }

    @Test
    void partsOfAStreamGrowAndHold500GigabytesInAll() {
        long total = 0;
        for (int part = 0; part < ObjectUpload.MAX_PARTS; part++)
            total += ObjectUpload.streamPartBytes(part);
        assertTrue(total > 500_000_000_000L, () -> "only this much fits");
        assertEquals(64 << 20, ObjectUpload.streamPartBytes(9_999));
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1536,1.5 KiB", "1073741824,1.0 GiB", "9223372036854775807,8.0 EiB"})
    void sizesAreForPeople(long bytes, String text) {
        assertEquals(text, Progress.size(bytes));
    }

    @Test
    void aProgressLineSaysHowMuchOfHowMuch() {
        assertEquals("a  [############------------]  50 %  1.0 MiB of 2.0 MiB  512.0 KiB/s",
                Progress.line("a", 1 << 20, 2 << 20, 512 << 10));
        assertEquals("a  1.0 MiB  512.0 KiB/s", Progress.line("a", 1 << 20, -1, 512 << 10));
    }
}
