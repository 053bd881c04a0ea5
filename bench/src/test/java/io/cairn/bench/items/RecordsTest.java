package io.cairn.bench.items;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.match.WrongAnswerException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What the checks of answers see.
class RecordsTest {
    private static final Records RECORDS = new Records();

    private static byte[] item(long record, long version) {
        var bytes = new Body(RECORDS).item(ItemClient.key(record), record, version).bytes();
        var json = new byte[bytes.remaining()];
        bytes.get(json);
        return json;
    }

    private static int check(byte[] json, long record, long most) {
        return RECORDS.check(json, 0, json.length, record, 1, most);
    }

    @Test
    void anItemIsItsOwn() {
        var json = item(17, 4);
        assertEquals(json.length, check(json, 17, 4));
        assertEquals(4, Records.version(json, json.length, 9));
    }

    @Test
    void anotherRecordAnotherVersionAndAnotherByteAreSeen() {
        assertThrows(WrongAnswerException.class, () -> check(item(18, 4), 17, 4));
        assertThrows(WrongAnswerException.class, () -> check(item(17, 5), 17, 4), "a version that was never written");
        var text = new String(item(17, 4), StandardCharsets.US_ASCII);
        int at = text.indexOf("field7") + 50;
        for (var spoiled : new String[]{text.substring(0, at) + (text.charAt(at) == 'a' ? 'b' : 'a') + text.substring(at + 1),
                text.replace("field7", "field6"), text.replace("field7", "fieldX"),
                text.replace("\"k\":{\"S\":", "\"k\":{\"N\":"),
                text.replaceFirst(",\"field9\":[^}]*}", ""), text.substring(0, text.length() - 1),
                text.replaceFirst("}$", ",\"more\":{\"S\":\"x\"}}")})
            assertThrows(WrongAnswerException.class, () -> check(spoiled.getBytes(StandardCharsets.US_ASCII), 17, 4), spoiled);
    }

    @Test
    void hotRecordsAreDrawnOftenAndColdOnesToo() {
        var draws = new Zipfian(1000, 1);
        var counts = new int[1000];
        for (int i = 0; i < 100_000; i++)
            counts[draws.next()]++;
        int hottest = 0;
        int drawn = 0;
        for (int count : counts) {
            hottest = Math.max(hottest, count);
            drawn += count > 0 ? 1 : 0;
        }
        // 1 / zeta(1000, 0.99) = 13.0 %
        assertTrue(hottest > 12_000 && hottest < 16_000, () -> "the hottest of 1000 was drawn in so many of 100,000");
        assertTrue(drawn > 600, "and most records were drawn");
    }

    @Test
    void onlyWhatOneConnectionWroteIsExpected() {
        var written = new Written(10);
        written.note(0, 3, 7);
        written.note(0, 3, 8);
        written.note(0, 4, 9);
        written.note(1, 4, 10);
        assertEquals(java.util.List.of(new Written.Expected(3, 8)), written.some(5));
    }
}
