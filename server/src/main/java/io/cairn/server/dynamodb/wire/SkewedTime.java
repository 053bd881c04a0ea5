package io.cairn.server.dynamodb.wire;

import io.cairn.server.http.Refusal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// How the service says that a request was signed too long ago, or in the future.
final class SkewedTime {
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration MAX_AGE = Duration.ofMinutes(15);

    private SkewedTime() {}

    static String text(Refusal refusal) {
        var details = refusal.details();
        try {
            var now = Instant.parse(details.getOrDefault("ServerTime", ""));
            if (details.containsKey("Expires")) {
                var expired = Instant.parse(details.getOrDefault("Expires", ""));
                return "Signature expired: " + BASIC.format(expired) + " is now earlier than " + BASIC.format(now);
            }
            var text = details.getOrDefault("RequestTime", details.getOrDefault("X-Amz-Date", ""));
            var signed = BASIC.parse(text, Instant::from);
            if (signed.isAfter(now))
                return "Signature not yet current: " + text + " is still later than " + BASIC.format(now.plus(MAX_AGE)) + " ("
                        + BASIC.format(now) + " + 15 min.)";
            return "Signature expired: " + text + " is now earlier than " + BASIC.format(now.minus(MAX_AGE)) + " ("
                    + BASIC.format(now) + " - 15 min.)";
        } catch (DateTimeException e) {
            return "Signature expired"; // not signed in that form; the front door has said no, whatever the text
        }
    }
}
