package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `cairn table` and `cairn item` against a whole server.
class ItemCommandsTest {
    @TempDir
    Path home;
    private Run cairn = new Run(Path.of(""));
    @Nullable
    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        cairn = new Run(home);
        server = new Assembly().start(Settings.read(home, null, Map.of(), Map.of(Setting.PORT_OFFSET, "auto")));
    }

    @AfterEach
    void stop() throws IOException {
        Objects.requireNonNull(server).close();
    }

    private String succeeds(String... arguments) {
        assertEquals(0, cairn.run(arguments), () -> String.join(" ", arguments) + ": " + cairn.err());
        assertEquals("", cairn.err());
        return cairn.out();
    }

    private void fails(int status, String message, String... arguments) {
        assertEquals(status, cairn.run(arguments), () -> String.join(" ", arguments) + ": " + cairn.err());
        assertTrue(cairn.err().contains(message), cairn.err());
        assertEquals("", cairn.out(), "what is refused prints nothing");
    }

    private void fill() {
        succeeds("table", "create", "Music", "--key", "artist,year:N", "--index", "by-label=label", "--local-index",
                "by-plays=artist,plays:N", "--stream");
        for (var item : new String[]{"{\"artist\": \"Miles Davis\", \"year\": 1959, \"label\": \"Columbia\", \"plays\": 7}",
                "{\"artist\": \"Miles Davis\", \"year\": 1970, \"label\": \"Columbia\", \"plays\": 3}",
                "{\"artist\": \"John Coltrane\", \"year\": 1965, \"label\": \"Impulse\"}"})
            succeeds("item", "put", "Music", item);
    }

    @Test
    void tablesAreMadeListedShownAndRemoved() {
        assertEquals("[ ]\n", succeeds("table", "list"));
        fill();
        succeeds("table", "create", "plain", "--key", "id:B");
        assertEquals("[ {\n  \"table\" : \"Music\"\n}, {\n  \"table\" : \"plain\"\n} ]\n", succeeds("table", "list"));
        cairn.outTerminal = true;
        assertEquals("table\nMusic\nplain\n", succeeds("table", "ls"));
        assertEquals("""
                name              value
                table             Music
                status            ACTIVE
                key               artist:S,year:N
                items             3
                bytes             BYTES
                global index      by-label label:S
                local index       by-plays artist:S,plays:N
                stream            NEW_AND_OLD_IMAGES
                """, succeeds("table", "describe", "Music").replaceFirst("bytes( +)\\d+", "bytes$1BYTES"));
        cairn.outTerminal = false;
        assertTrue(succeeds("table", "describe", "Music").contains("\"TableArn\" : \"arn:aws:dynamodb:"));
        succeeds("table", "delete", "plain");
        assertEquals("[ {\n  \"table\" : \"Music\"\n} ]\n", succeeds("table", "list"));
    }

    @Test
    void anItemGoesInAndComesBack() throws IOException {
        succeeds("table", "create", "plain", "--key", "id");
        var plain = "{\"id\":\"ä\",\"n\":-12.50,\"big\":12345678901234567890123456789012345678,\"t\":true,\"z\":null,"
                + "\"l\":[1,\"a\",[],{}],\"m\":{\"in\":{\"deep\":0.1}}}";
        succeeds("item", "put", "plain", plain);
        succeeds("item", "get", "plain", "{\"id\": \"ä\"}");
        assertEquals(Json.read(plain.replace("-12.50", "-12.5")), Json.read(cairn.out()));
        succeeds("item", "get", "plain", "{\"id\": {\"S\": \"ä\"}}", "--dynamodb-json");
        assertTrue(cairn.out().contains("\"N\" : \"-12.5\""), cairn.out());
        cairn.outTerminal = true;
        assertTrue(succeeds("item", "get", "plain", "{\"id\": \"ä\"}").startsWith("attribute                 value\n"));
        assertTrue(cairn.out().contains("l                         [1,\"a\",[],{}]\n"), cairn.out());
        succeeds("item", "delete", "plain", "{\"id\": \"ä\"}");
        fails(1, "there is no item of this key in plain; see what there is with: bin/cairn item scan plain", "item", "get",
                "plain", "{\"id\": \"ä\"}");
    }

    @Test
    void anItemComesFromAFileOrStandardInput() throws IOException {
        succeeds("table", "create", "plain", "--key", "id:N");
        var file = Files.writeString(home.resolve("item.json"), "{\"id\": 1, \"from\": \"file\"}");
        succeeds("item", "put", "plain", "@" + file);
        cairn.in = "{\"id\": 2, \"from\": \"stdin\"}".getBytes(StandardCharsets.UTF_8);
        succeeds("item", "put", "plain", "-");
        assertTrue(succeeds("item", "scan", "plain", "--filter", "#f = :f", "--names", "{\"#f\": \"from\"}", "--values",
                "{\":f\": \"stdin\"}").contains("\"id\" : 2"));
        fails(2, "none.json does not exist", "item", "put", "plain", "@" + home.resolve("none.json"));
    }

    @Test
    void setsAndBytesKeepTheirTypesWhenAskedFor() {
        succeeds("table", "create", "plain", "--key", "id:N");
        succeeds("item", "put", "plain", "{\"id\": {\"N\": \"1\"}, \"s\": {\"SS\": [\"b\", \"a\"]}, \"n\": {\"NS\": [\"2\"]}, "
                + "\"b\": {\"B\": \"AAE=\"}}", "--dynamodb-json");
        cairn.outTerminal = true;
        assertEquals("{\"b\":{\"B\":\"AAE=\"},\"id\":{\"N\":\"1\"},\"n\":{\"NS\":[\"2\"]},\"s\":{\"SS\":[\"a\",\"b\"]}}\n",
                succeeds("item", "scan", "plain", "--dynamodb-json"));
        assertEquals("{\"b\":\"AAE=\",\"id\":1,\"n\":[2],\"s\":[\"a\",\"b\"]}\n", succeeds("item", "scan", "plain"));
    }

    @Test
    void aConditionThatDoesNotHoldChangesNothing() {
        fill();
        var again = "{\"artist\": \"Miles Davis\", \"year\": 1959}";
        fails(1, "ConditionalCheckFailedException: The conditional request failed", "item", "put", "Music", again, "--if",
                "attribute_not_exists(artist)");
        fails(1, "ConditionalCheckFailedException", "item", "delete", "Music", again, "--if", "plays > :p", "--values",
                "{\":p\": 100}");
        assertTrue(succeeds("item", "get", "Music", again).contains("\"plays\" : 7"));
        succeeds("item", "delete", "Music", again, "--if", "plays < :p", "--values", "{\":p\": 100}");
    }

    @Test
    void queriesFollowTheirPagesAndIndexes() throws IOException {
        fill();
        cairn.outTerminal = true;
        var davis = new String[]{"item", "query", "Music", "artist = :a", "--values", "{\":a\": \"Miles Davis\"}"};
        assertEquals("""
                {"artist":"Miles Davis","label":"Columbia","plays":7,"year":1959}
                {"artist":"Miles Davis","label":"Columbia","plays":3,"year":1970}
                """, succeeds(davis));
        assertTrue(succeeds(with(davis, "--index", "by-plays"))
                .startsWith("{\"artist\":\"Miles Davis\",\"label\":\"Columbia\",\"plays\":3"));
        assertTrue(succeeds(with(davis, "--descending", "--limit", "1")).contains("1970"));
        assertEquals(1, cairn.out().lines().count());
        assertEquals(1,
                succeeds("item", "query", "Music", "label = :l", "--index", "by-label", "--values", "{\":l\": \"Impulse\"}")
                        .lines().count());
        assertEquals(1, succeeds(with(davis, "--filter", "plays > :p", "--values", "{\":a\": \"Miles Davis\", \":p\": 5}"))
                .lines().count());
    }

    private static String[] with(String[] arguments, String... more) {
        var all = new ArrayList<>(List.of(arguments));
        if (List.of(more).contains("--values")) { // given once
            int at = all.indexOf("--values");
            all.remove(at);
            all.remove(at);
        }
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// Three pages of a megabyte.
    @Test
    void aScanOfManyPagesIsOneArray() throws IOException {
        succeeds("table", "create", "plain", "--key", "id:N");
        for (int i = 0; i < 9; i++)
            succeeds("item", "put", "plain", "{\"id\": " + i + ", \"text\": \"" + "x".repeat(300_000) + "\"}");
        assertEquals(9, ((List<?>) Objects.requireNonNull(Json.read(succeeds("item", "scan", "plain")))).size());
        assertEquals(5,
                ((List<?>) Objects.requireNonNull(Json.read(succeeds("item", "scan", "plain", "--limit", "5"))))
                        .size());
    }

    @Test
    void whatIsWrongIsSaidInALineWithWhatToDo() {
        fails(1, "see which tables there are with: bin/cairn table list", "item", "get", "nothing", "{\"id\": 1}");
        fails(1, "see which tables there are with: bin/cairn table list", "table", "describe", "nothing");
        succeeds("table", "create", "plain", "--key", "id:N");
        fails(1, "choose another name", "table", "create", "plain", "--key", "id:N");
        fails(2, "`id:X` is no key; one looks like artist or artist:S,year:N", "table", "create", "other", "--key", "id:X");
        fails(2, "`a,b,c` is no key", "table", "create", "other", "--key", "a,b,c");
        fails(2, "`id` is of type N in one key and S in another", "table", "create", "other", "--key", "id:N", "--index",
                "index=id");
        fails(2, "the item must be a JSON object", "item", "put", "plain", "{\"id\": ");
        fails(2, "the item must be a JSON object", "item", "put", "plain", "[1]");
        fails(2, "--values must be a JSON object", "item", "scan", "plain", "--values", "x");
        fails(2, "--limit cannot be 0; it must be at least 1", "item", "scan", "plain", "--limit", "0");
        fails(1, "ValidationException: ", "item", "put", "plain", "{\"no\": \"key\"}");
        fails(2, "Missing required", "item", "put", "plain");
        cairn.environment.put("AWS_ACCESS_KEY_ID", "CAIRNOTHER");
        cairn.environment.put("AWS_SECRET_ACCESS_KEY", "wrong");
        fails(1, "take the server's own keys with: eval", "table", "list");
    }

    @Test
    void withoutAServerItSaysHowToStartOne() throws IOException {
        stop();
        fails(1, "no server at http://127.0.0.1:4566; start one with: bin/cairn server", "table", "list");
    }
}
