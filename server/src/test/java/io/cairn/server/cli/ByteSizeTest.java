package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "512B, 512", "4k, 4096", "10GiB, 10737418240", "10 GiB, 10737418240", "1.5TiB, 1649267441664",
            "2m, 2097152",
            "0.3KiB, 308", "1048576T, 1152921504606846976"})
    void isRead(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GiB", "-1", "10GB", "10iB", "1e3", "0", "0GiB", "9999999999999999999T", "1048577T", "1.G",
            "10 Gi"})
    void isRefused(String text) {
        assertThrows(CommandException.class, () -> ByteSize.parse(text));
    }
}
