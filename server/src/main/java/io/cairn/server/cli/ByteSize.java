package io.cairn.server.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ExitCode;

/// A size as people write it: `10GiB`, `10G`, `1.5TiB`, or a count of bytes. Units are powers of 1024; `GB`, of which nobody knows what the writer meant,
/// is refused.
final class ByteSize {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?) ?(?:([KMGTkmgt])(?:iB)?|B)?");
    private static final String UNITS = "KMGT";
    private static final BigDecimal LARGEST = BigDecimal.valueOf(1L << 60);

    private ByteSize() {}

    /// Bytes, at least 1.
    static long parse(String text) {
        var matcher = TEXT.matcher(text.strip());
        if (!matcher.matches())
            throw new CommandException("`" + text + "` is no size; one looks like 10GiB, 512MiB or 1073741824", ExitCode.USAGE);
        var unit = matcher.group(2) == null ? "" : matcher.group(2).toUpperCase(Locale.ROOT);
        var bytes = new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(1L << (10 * (unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1))))
                .setScale(0, RoundingMode.UP);
        if (bytes.signum() == 0 || bytes.compareTo(LARGEST) > 0)
            throw new CommandException("`" + text + "` is " + (bytes.signum() == 0 ? "nothing" : "too large"), ExitCode.USAGE);
        return bytes.longValueExact();
    }
}
