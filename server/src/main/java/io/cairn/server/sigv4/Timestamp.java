package io.cairn.server.sigv4;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/// The moment a request was signed, as signed: `yyyyMMdd'T'HHmmss'Z'`.
///
/// @param text 16 characters
record Timestamp(String text, long epochSecond) {
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// @throws DateTimeException when `text` is not of that form
    static Timestamp parse(String text) {
        if (text.length() != 16 || text.charAt(8) != 'T' || text.charAt(15) != 'Z')
            throw new DateTimeException("not yyyyMMdd'T'HHmmss'Z': " + text);
        int hour = digits(text, 9, 2);
        int minute = digits(text, 11, 2);
        int second = digits(text, 13, 2);
        if (hour > 23 || minute > 59 || second > 59)
            throw new DateTimeException("no such time of day: " + text);
        var day = LocalDate.of(digits(text, 0, 4), digits(text, 4, 2), digits(text, 6, 2));
        return new Timestamp(text, day.toEpochDay() * 86_400 + hour * 3_600L + minute * 60L + second);
    }

    /// From a `Date` header (RFC 9110 section 5.6.7), which may stand in for `x-amz-date`.
    static Timestamp parseHttpDate(String text) {
        var moment = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return new Timestamp(BASIC.format(moment), moment.getEpochSecond());
    }

    /// Whether the day of a credential scope, `yyyyMMdd`, is the day of this moment.
    boolean isOn(String day) {
        return day.length() == 8 && text.startsWith(day);
    }

    String iso() {
        return Instant.ofEpochSecond(epochSecond).toString();
    }

    private static int digits(String text, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9')
                throw new DateTimeException("not a digit at " + i + ": " + text);
            value = value * 10 + c - '0';
        }
        return value;
    }
}
