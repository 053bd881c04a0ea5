package io.cairn.server.s3;

import io.netty.handler.codec.DateFormatter;
import java.time.Instant;
import java.util.Date;

/// Dates of HTTP (RFC 9110, section 5.6.7). Netty's formatter is the quick one, and speaks `java.util.Date`.
@SuppressWarnings("JavaUtilDate")
final class HttpDates {
    /// As `Sun, 06 Nov 1994 08:49:37 GMT`.
    static String format(Instant time) {
        return DateFormatter.format(new Date(time.toEpochMilli()));
    }

    /// Seconds since 1970, or -1 when this is no date.
    static long parse(String header) {
        var date = DateFormatter.parseHttpDate(header);
        return date == null ? -1 : Math.floorDiv(date.getTime(), 1000L);
    }

    private HttpDates() {}
}
