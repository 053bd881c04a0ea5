package io.cairn.kv;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/// DynamoDB's number: 38 decimal digits, 0 and magnitudes of 1E-130 to 9.99...E+125, as bytes whose unsigned order is that of the numbers.
/// Each number has one encoding (1, 1.0 and 1E0 are one), none is the beginning of another, so that other parts can follow in a key.
///
///     zero       80
///     positive   C0, exponent + 64, pairs + 1 ..., 00 unless there are 20 pairs
///     negative   40, then the positive's bytes complemented, FF for 00
///
/// The value is 0.PPQQ... times 100 to the exponent, each pair two decimal digits, the first pair and the last not 00.
/// At most [#MAX_BYTES]. Stateless; any thread.
public final class Decimal {
    public static final int MAX_BYTES = 22;
    public static final int MAX_DIGITS = 38;
    private static final int MAX_EXPONENT = 125;
    private static final int MIN_EXPONENT = -130;
    private static final int MAX_PAIRS = 20;
    private static final byte ZERO = (byte) 0x80;
    private static final byte POSITIVE = (byte) 0xC0;
    private static final byte NEGATIVE = 0x40;
    private static final ThreadLocal<byte[]> DIGITS = ThreadLocal.withInitial(() -> new byte[MAX_DIGITS + 2]);

    private Decimal() {}

    /// Writes what `text` says into `into`, which has [#MAX_BYTES] left at `at`, and returns the index behind. A [KvRefusedException] when it is
    /// no number, or none that fits.
    public static int encode(CharSequence text, byte[] into, int at) {
        int end = text.length();
        int i = 0;
        boolean negative = false;
        if (end > 0 && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
            negative = text.charAt(0) == '-';
            i = 1;
        }
        var digits = DIGITS.get();
        int count = 0; // significant digits, of which the first 38 are kept
        int kept = 0; // up to the last that is not 0
        int pointAt = -1; // digits before it, from the first significant one on
        int zerosAfterPoint = 0; // before the first significant digit
        boolean any = false;
        for (; i < end; i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (pointAt >= 0)
                    throw notNumeric(text);
                pointAt = count;
                continue;
            }
            if (c < '0' || c > '9')
                break;
            any = true;
            if (count == 0 && c == '0') {
                if (pointAt >= 0)
                    zerosAfterPoint++;
                continue;
            }
            if (count < MAX_DIGITS)
                digits[count] = (byte) (c - '0');
            count++;
            if (c != '0')
                kept = count;
        }
        if (!any)
            throw notNumeric(text);
        long exponent = i < end ? exponent(text, i) : 0;
        if (kept == 0) {
            into[at] = ZERO;
            return at + 1;
        }
        if (kept > MAX_DIGITS)
            throw KvRefusedException.validation("Attempting to store more than 38 significant digits in a Number");
        // Exponent of the first significant digit.
        long first = exponent + (pointAt < 0 ? count : pointAt) - 1 - zerosAfterPoint;
        return write(negative, digits, kept, first, into, at);
    }

    /// The number as bytes of its own.
    public static byte[] encode(CharSequence text) {
        var bytes = new byte[MAX_BYTES];
        return Arrays.copyOf(bytes, encode(text, bytes, 0));
    }

    /// As [#encode(CharSequence, byte[], int)].
    public static int encode(BigDecimal number, byte[] into, int at) {
        var stripped = number.stripTrailingZeros();
        if (stripped.signum() == 0) {
            into[at] = ZERO;
            return at + 1;
        }
        if (stripped.precision() > MAX_DIGITS)
            throw KvRefusedException.validation("Attempting to store more than 38 significant digits in a Number");
        var text = stripped.unscaledValue().abs().toString();
        var digits = DIGITS.get();
        for (int i = 0; i < text.length(); i++)
            digits[i] = (byte) (text.charAt(i) - '0');
        return write(stripped.signum() < 0, digits, text.length(), (long) text.length() - 1 - stripped.scale(), into, at);
    }

    private static int write(boolean negative, byte[] digits, int count, long first, byte[] into, int at) {
        if (first > MAX_EXPONENT)
            throw KvRefusedException
                    .validation("Number overflow. Attempting to store a number with magnitude larger than supported range");
        if (first < MIN_EXPONENT)
            throw KvRefusedException
                    .validation("Number underflow. Attempting to store a number with magnitude smaller than supported range");
        int mask = negative ? 0xFF : 0;
        int i = at;
        into[i++] = negative ? NEGATIVE : POSITIVE;
        into[i++] = (byte) (Math.floorDiv((int) first, 2) + 65 ^ mask);
        int digit = 0;
        int pairs = 0;
        if (Math.floorMod((int) first, 2) == 0) { // the first digit is the low one of its pair
            into[i++] = (byte) (digits[digit++] + 1 ^ mask);
            pairs++;
        }
        for (; digit < count; digit += 2, pairs++)
            into[i++] = (byte) (digits[digit] * 10 + (digit + 1 < count ? digits[digit + 1] : 0) + 1 ^ mask);
        if (pairs < MAX_PAIRS)
            into[i++] = (byte) mask;
        return i;
    }

    private static long exponent(CharSequence text, int from) {
        int i = from;
        if (text.charAt(i) != 'e' && text.charAt(i) != 'E')
            throw notNumeric(text);
        i++;
        boolean negative = false;
        if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+'))
            negative = text.charAt(i++) == '-';
        if (i == text.length())
            throw notNumeric(text);
        long value = 0;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9')
                throw notNumeric(text);
            value = Math.min(value * 10 + c - '0', Integer.MAX_VALUE);
        }
        return negative ? -value : value;
    }

    private static KvRefusedException notNumeric(CharSequence text) {
        return KvRefusedException.validation(text.isEmpty()
                ? "The parameter cannot be converted to a numeric value"
                : "The parameter cannot be converted to a numeric value: " + text);
    }

    /// How many bytes the number at `at` takes.
    public static int length(byte[] bytes, int at) {
        if (bytes[at] == ZERO)
            return 1;
        byte end = (byte) (bytes[at] == NEGATIVE ? 0xFF : 0);
        for (int i = at + 2; i < at + MAX_BYTES; i++)
            if (bytes[i] == end)
                return i + 1 - at;
        return MAX_BYTES;
    }

    /// Bytes that the number counts in an item's size: half its digits, and one, and one for the sign.
    public static int itemSize(byte[] bytes, int at) {
        if (bytes[at] == ZERO)
            return 1;
        boolean negative = bytes[at] == NEGATIVE;
        return pairs(bytes, at) + 1 + (negative ? 1 : 0);
    }

    private static int pairs(byte[] bytes, int at) {
        int length = length(bytes, at);
        byte end = (byte) (bytes[at] == NEGATIVE ? 0xFF : 0);
        return bytes[at + length - 1] == end ? length - 3 : length - 2;
    }

    /// Appends the number at `at` as people write it, without an exponent. At most 170 characters.
    public static void append(byte[] bytes, int at, StringBuilder out) {
        if (bytes[at] == ZERO) {
            out.append('0');
            return;
        }
        int mask = bytes[at] == NEGATIVE ? 0xFF : 0;
        if (mask != 0)
            out.append('-');
        int exponent = ((bytes[at + 1] ^ mask) & 0xFF) - 64;
        int pairs = pairs(bytes, at);
        if (exponent <= 0) {
            out.append("0.");
            for (int i = exponent; i < 0; i++)
                out.append("00");
        }
        for (int i = 0; i < pairs; i++) {
            if (i == exponent && i > 0)
                out.append('.');
            int pair = ((bytes[at + 2 + i] ^ mask) & 0xFF) - 1;
            if (pair >= 10 || i > 0 || exponent <= 0)
                out.append((char) ('0' + pair / 10));
            if (pair % 10 != 0 || i + 1 < pairs || i + 1 <= exponent) // no 0 at the end of a fraction
                out.append((char) ('0' + pair % 10));
        }
        for (int i = pairs; i < exponent; i++)
            out.append("00");
    }

    /// The number at `at` as people write it.
    public static String text(byte[] bytes, int at) {
        var out = new StringBuilder(24);
        append(bytes, at, out);
        return out.toString();
    }

    /// The number at `at`.
    public static BigDecimal number(byte[] bytes, int at) {
        if (bytes[at] == ZERO)
            return BigDecimal.ZERO;
        int mask = bytes[at] == NEGATIVE ? 0xFF : 0;
        int exponent = ((bytes[at + 1] ^ mask) & 0xFF) - 64;
        int pairs = pairs(bytes, at);
        var digits = new StringBuilder(2 * pairs + 1);
        if (mask != 0)
            digits.append('-');
        for (int i = 0; i < pairs; i++) {
            int pair = ((bytes[at + 2 + i] ^ mask) & 0xFF) - 1;
            digits.append((char) ('0' + pair / 10)).append((char) ('0' + pair % 10));
        }
        return new BigDecimal(new BigInteger(digits.toString()), 2 * (pairs - exponent)).stripTrailingZeros();
    }
}
