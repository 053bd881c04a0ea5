package io.cairn.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TomlTest {
    private static Map<String, String> texts(String toml) {
        var texts = new LinkedHashMap<String, String>();
        Toml.parse(toml, "cairn.toml").forEach((key, value) -> texts.put(key, value.text()));
        return texts;
    }

    @Test
    void readsEveryKindOfValueAndKeepsLines() {
        var toml = """
                # a comment
                data = "/var/lib/cairn"   # behind a value
                host='0.0.0.0'
                port-offset = 1_000
                insecure-listen = true

                [ log ]
                file = 'C:\\logs'
                """;
        assertEquals(
                Map.of("data", "/var/lib/cairn", "host", "0.0.0.0", "port-offset", "1000", "insecure-listen", "true", "log-file",
                        "C:\\logs"),
                texts(toml));
        assertEquals(new Toml.Value("C:\\logs", 8), Toml.parse(toml, "cairn.toml").get("log-file"));
    }

    @Test
    void readsEscapes() {
        assertEquals(Map.of("a", "tab\there \"quoted\" back\\slash \u00e9 \ud83d\ude00"),
                texts("a = \"tab\\there \\\"quoted\\\" back\\\\slash \\u00e9 \\U0001F600\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', value = {"a|`=` is expected", "a =|a value is missing",
            "a = \"b|the closing \" is missing", "a = 'b|the closing ' is missing",
            "a = b|`b` is neither a string in quotes, an integer, nor true or false", "a = 012|`012` is neither",
            "a = 1 2|unexpected text `2`", "[log|`]` is expected", "= 1|a name of letters", "a = \"\\q\"|`\\q` is no escape",
            "a = \"\\u12\"|4 hexadecimal digits", "a = \"\\uD800\"|is no Unicode scalar value", "a.b = 1|`=` is expected"})
    void refusesTheRestWithItsLine(String line, String reason) {
        var refused = String.valueOf(assertThrows(ConfigException.class, () -> texts("# first\n" + line)).getMessage());
        assertTrue(refused.startsWith("cairn.toml line 2: "), refused);
        assertTrue(refused.contains(reason), refused);
    }

    @Test
    void refusesAKeySetTwiceAlsoThroughATable() {
        var refused = assertThrows(ConfigException.class, () -> texts("log-file = 'a'\n[log]\nfile = 'b'"));
        assertEquals("cairn.toml line 3: `log-file` is set twice", refused.getMessage());
    }

    @Property(tries = 300)
    void whateverItIsGivenItAnswersOrRefusesWithALine(@ForAll String text) {
        try {
            Toml.parse(text, "x").forEach((key, value) -> assertTrue(value.line() > 0 && !key.isEmpty()));
        } catch (ConfigException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("x line "), e.toString());
        }
    }
}
