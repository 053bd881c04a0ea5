package io.cairn.server.xml;

import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;

/// Writes an XML document straight into UTF-8 bytes. Element names are ASCII and come from this program; text may be anything:
/// what XML 1.0 cannot say stands as a numeric reference, as S3 has it.
public final class XmlWriter {
    public static final String CONTENT_TYPE = "application/xml";
    private static final String HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private byte[] bytes;
    private int length;

    public XmlWriter() {
        this(512);
    }

    public XmlWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
        ascii(HEAD);
    }

    /// Opens the outermost element of an answer.
    ///
    /// @param namespace of it and all in it
    public XmlWriter openRoot(String name, String namespace) {
        return put('<').ascii(name).ascii(" xmlns=\"").ascii(namespace).ascii("\">");
    }

    public XmlWriter open(String name) {
        return put('<').ascii(name).put('>');
    }

    public XmlWriter close(String name) {
        return put('<').put('/').ascii(name).put('>');
    }

    public XmlWriter element(String name, String text) {
        return open(name).text(text).close(name);
    }

    public XmlWriter element(String name, boolean value) {
        return open(name).ascii(value ? "true" : "false").close(name);
    }

    public XmlWriter element(String name, long number) {
        return open(name).ascii(Long.toString(number)).close(name);
    }

    /// As `2009-10-12T17:50:30.000Z`.
    public XmlWriter element(String name, Instant time) {
        return open(name).time(time.toEpochMilli()).close(name);
    }

    /// The text in quotes, as `"etag"`.
    public XmlWriter quoted(String name, String text) {
        return open(name).ascii("&quot;").text(text).ascii("&quot;").close(name);
    }

    /// What `part` adds.
    public XmlWriter with(Consumer<XmlWriter> part) {
        part.accept(this);
        return this;
    }

    public byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    private XmlWriter put(char c) {
        if (length == bytes.length)
            bytes = Arrays.copyOf(bytes, length * 2);
        bytes[length++] = (byte) c;
        return this;
    }

    /// Markup or text of this program, as it is.
    public XmlWriter ascii(String text) {
        for (int i = 0; i < text.length(); i++)
            put(text.charAt(i));
        return this;
    }

    public XmlWriter text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> ascii("&amp;");
                case '<' -> ascii("&lt;");
                case '>' -> ascii("&gt;");
                case '"' -> ascii("&quot;");
                default -> {
                    if (c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff)
                        ascii("&#x").ascii(Integer.toHexString(c)).put(';');
                    else if (c < 0x80)
                        put(c);
                    else if (Character.isHighSurrogate(c) && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1)))
                        utf8(Character.toCodePoint(c, text.charAt(++i)));
                    else
                        utf8(Character.isSurrogate(c) ? '?' : c);
                }
            }
        }
        return this;
    }

    private void utf8(int codePoint) {
        if (codePoint < 0x80) {
            put((char) codePoint);
        } else if (codePoint < 0x800) {
            put((char) (0xc0 | (codePoint >> 6))).put((char) (0x80 | (codePoint & 0x3f)));
        } else if (codePoint < 0x10000) {
            put((char) (0xe0 | (codePoint >> 12))).put((char) (0x80 | ((codePoint >> 6) & 0x3f)))
                    .put((char) (0x80 | (codePoint & 0x3f)));
        } else {
            put((char) (0xf0 | (codePoint >> 18))).put((char) (0x80 | ((codePoint >> 12) & 0x3f)))
                    .put((char) (0x80 | ((codePoint >> 6) & 0x3f))).put((char) (0x80 | (codePoint & 0x3f)));
        }
    }

    /// Days to a civil date after Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    private XmlWriter time(long epochMillis) {
        long days = Math.floorDiv(epochMillis, 86_400_000L);
        int millis = (int) Math.floorMod(epochMillis, 86_400_000L);
        long shifted = days + 719_468; // from 0000-03-01
        long era = Math.floorDiv(shifted, 146_097L);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
        return digits(year, 4).put('-').digits(month, 2).put('-').digits(day, 2).put('T').digits(millis / 3_600_000, 2).put(':')
                .digits(millis / 60_000 % 60, 2).put(':').digits(millis / 1000 % 60, 2).put('.').digits(millis % 1000, 3)
                .put('Z');
    }

    private XmlWriter digits(int number, int width) {
        int divisor = 1;
        for (int i = 1; i < width; i++)
            divisor *= 10;
        for (; divisor > 0; divisor /= 10)
            put((char) ('0' + number / divisor % 10));
        return this;
    }
}
