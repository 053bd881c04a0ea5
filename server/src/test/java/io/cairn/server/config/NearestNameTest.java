package io.cairn.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    @ParameterizedTest
    @CsvSource({"'','',0", "abc,abc,0", "'',abc,3", "abc,'',3", "kitten,sitting,3", "flaw,lawn,2", "ab,ba,1", "hots,host,1"})
    void distanceCountsEdits(String a, String b, int edits) {
        assertEquals(edits, NearestName.distance(a, b));
    }

    @Test
    void namesNothingWhenNothingIsNear() {
        var known = List.of("region", "account");
        assertEquals(Optional.of("region"), NearestName.of("regin", known));
        assertEquals(Optional.empty(), NearestName.of("colour", known));
    }
}
