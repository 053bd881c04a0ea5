package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.*;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// What is written can be read again: keys, tokens, XML, metadata, dates; ranges mean what they say.
class WireFormProperties {
    @Property
    void percentEncodingIsUndoneByDecoding(@ForAll("texts") String text) {
        var raw = PercentCoding.encode(text);
        assertTrue(raw.chars().allMatch(c -> c > 0x20 && c < 0x7f), raw);
        assertEquals(text, PercentCoding.decode(raw, 0, raw.length(), false));
        assertEquals(text, PercentCoding.decode(raw, 0, raw.length(), true));
        assertEquals(text, URLDecoder.decode(raw, UTF_8));
    }

    @Property
    void queriesAreTakenApart(@ForAll List<@From("texts") String> values) {
        var raw = new StringBuilder();
        for (int i = 0; i < values.size(); i++)
            raw.append(i == 0 ? "" : "&").append("name").append(i).append('=').append(PercentCoding.encode(values.get(i)));
        var query = Query.of(raw.toString());
        for (int i = 0; i < values.size(); i++)
            assertEquals(values.get(i), query.get("name" + i));
        assertNull(query.get("name"));
    }

    @Example
    void queriesOfAllShapes() {
        var query = Query.of("acl&empty=&a=b=c&plus=a+b&acl=second&&%61b=1");
        assertEquals("", query.get("acl"));
        assertEquals("", query.get("empty"));
        assertEquals("b=c", query.get("a"));
        assertEquals("a b", query.get("plus"));
        assertEquals("1", query.get("ab"));
        assertThrows(RefusedException.class, () -> Query.of("a=%"));
    }

    @Property
    void tokensLeadBackToWhereTheyWereGiven(@ForAll("texts") String next) {
        Assume.that(!next.isEmpty());
        var token = Listings.token(next);
        assertEquals(token, PercentCoding.encode(token), "fit for a query as it is");
        assertEquals(next, Listings.continuation(token));
    }

    @Property
    void xmlSaysAnyTextThatXmlCanSay(@ForAll("texts") String text) {
        Assume.that(text.chars().noneMatch(c -> c < 0x20 && c != '\t' && c != '\n' && c != '\r'));
        Assume.that(text.chars().noneMatch(c -> c == 0xfffe || c == 0xffff));
        var xml = new XmlWriter(1).openRoot("Root", S3Face.NAMESPACE).element("Key", text).element("Number", -5)
                .element("Flag", true).close("Root")
                .bytes();
        var found = new ArrayList<String>();
        XmlReader.read(xml, "Root", in -> in.children(name -> found.add(name + "=" + in.text())));
        assertEquals(List.of("Key=" + text, "Number=-5", "Flag=true"), found);
    }

    @Property
    void timesAreWrittenAsJavaWritesThem(@ForAll @LongRange(min = -62_135_596_800_000L, max = 253_402_300_799_999L) long millis) {
        var format = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        var time = Instant.ofEpochMilli(millis);
        var xml = new String(new XmlWriter().element("T", time).bytes(), UTF_8);
        assertTrue(xml.endsWith("<T>" + format.format(time) + "</T>"), xml);
    }

    @Property
    void metadataGoesThroughHeadersUnchanged(@ForAll("texts") String text) {
        Assume.that(!text.contains("=?")); // such a text may be an encoded word itself
        var header = EncodedWords.encode(text);
        assertTrue(header.chars().allMatch(c -> c >= 0x20 && c < 0x7f), header);
        assertEquals(text, EncodedWords.decode(header));
        assertEquals(text, EncodedWords.decode(new String(text.getBytes(UTF_8), ISO_8859_1)));
    }

    @Example
    void encodedWordsOfAllShapes() {
        assertEquals("a\u00e4b", EncodedWords.decode("a=?utf-8?q?=C3=A4?=b"));
        assertEquals("\u00e4 x", EncodedWords.decode("=?ISO-8859-1?Q?=E4_x?="));
        assertEquals("\u00e4\u00f6", EncodedWords.decode("=?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?="));
        for (var kept : List.of("=?", "=?x", "=?UTF-8?B?", "=?UTF-8?B?!!?=", "=?UTF-8?Z?a?=", "=?KOI8-R?B?w6Q=?=",
                "=?UTF-8?Q?=C3?=", "=?UTF-8?Q?=4?=",
                "\u00ff"))
            assertEquals(kept, EncodedWords.decode(kept));
    }

    @Property
    void aRangeHoldsTheBytesItNames(@ForAll @IntRange(max = 20) int size, @ForAll @IntRange(min = -1, max = 25) int first,
            @ForAll @IntRange(min = -1, max = 25) int last) {
        var header = "bytes=" + (first < 0 ? "" : first) + "-" + (last < 0 ? "" : last);
        var wanted = new ArrayList<Long>();
        for (long i = 0; i < size; i++)
            if (first < 0 ? i >= size - last : i >= first && (last < 0 || i <= last))
                wanted.add(i);
        boolean wellFormed = first < 0 ? last >= 0 : last < 0 || last >= first;
        boolean tailOfNothing = first < 0 && last > 0 && size == 0; // all of it is sent, as S3 does
        if (!wellFormed || tailOfNothing) {
            assertNull(ByteRange.of(header, size));
        } else if (wanted.isEmpty()) {
            var refused = assertThrows(RefusedException.class, () -> ByteRange.of(header, size));
            assertEquals(416, refused.refusal().status());
        } else {
            assertEquals(new ByteRange(wanted.getFirst(), wanted.getLast()), ByteRange.of(header, size));
        }
    }

    @Example
    void rangesThatAreNotHeeded() {
        for (var header : List.of("bytes=0-1,3-4", "bytes=", "bytes=-", "bytes=a-b", "bytes", "items=0-1", "", "bytes=1-0",
                "bytes=--1", "bytes=0-1-2"))
            assertNull(ByteRange.of(header, 10), header);
        assertEquals(new ByteRange(0, 9), ByteRange.of("Bytes=0-99999999999999999999999", 10));
        assertEquals(new ByteRange(0, 9), ByteRange.of("bytes=-99999999999999999999999", 10));
        assertThrows(RefusedException.class, () -> ByteRange.of("bytes=99999999999999999999999-", 10));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(12).withCharRange('\0', '\u02ff')
                .withChars("\ud83d\ude00\u20ac\uffe0=?&<>\"%+/ ")
                .map(text -> new String(text.getBytes(UTF_8), UTF_8)); // lone surrogates become question marks
    }
}
