package io.cairn.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path home;

    private Settings read(Map<String, String> environment, Map<Setting, String> options) {
        return Settings.read(home, null, environment, options);
    }

    private static String refusal(Executable read) {
        return String.valueOf(assertThrows(ConfigException.class, read).getMessage());
    }

    private void file(String toml) throws IOException {
        Files.writeString(home.resolve("cairn.toml"), toml);
    }

    @Test
    void laterSourcesWinAndEachValueKnowsItsOrigin() throws IOException {
        file("region = 'file'\naccount = '111111111111'\nlog = 'warn'\n");
        var settings = read(Map.of("CAIRN_ACCOUNT", "222222222222", "CAIRN_LOG", "error"), Map.of(Setting.LOG, "debug"));
        assertEquals("127.0.0.1", settings.text(Setting.HOST));
        assertEquals("default", settings.value(Setting.HOST).origin().text());
        assertEquals("file", settings.text(Setting.REGION));
        assertEquals(home.resolve("cairn.toml") + " line 1", settings.value(Setting.REGION).origin().text());
        assertEquals("222222222222", settings.text(Setting.ACCOUNT));
        assertEquals("CAIRN_ACCOUNT", settings.value(Setting.ACCOUNT).origin().text());
        assertEquals("debug", settings.text(Setting.LOG));
        assertEquals("--log", settings.value(Setting.LOG).origin().text());
    }

    @Test
    void everySettingHasOneNameInAllSources() throws IOException {
        for (var setting : Setting.values()) {
            var text = switch (setting.kind) {
                case TEXT, PATH -> "/x";
                case FLAG -> "true";
                case PORT_OFFSET -> "auto";
                case FACES -> "s3";
                case LEVEL -> "trace";
                case LOG_FORMAT -> "json";
                case ACCOUNT -> "123456789012";
                case BYTES -> "7g";
                case DAYS -> "30";
            };
            var variable = "CAIRN_" + setting.key().replace('-', '_').toUpperCase(java.util.Locale.ROOT);
            assertEquals(text, read(Map.of(variable, text), Map.of()).text(setting), variable);
            file(setting.key() + " = " + (text.equals("true") ? text : "'" + text + "'"));
            assertEquals(text, read(Map.of(), Map.of()).text(setting), setting.key());
            Files.delete(home.resolve("cairn.toml"));
        }
    }

    @Test
    void relativePathsStandFromWhereTheyWereWritten() throws IOException {
        assertEquals(home.resolve("cairn-data"), read(Map.of(), Map.of()).data());
        file("users = 'users.txt'");
        assertEquals(home.resolve("users.txt"), read(Map.of(), Map.of()).path(Setting.USERS).orElseThrow());
        assertEquals(Path.of("elsewhere").toAbsolutePath(), read(Map.of("CAIRN_DATA", "elsewhere"), Map.of()).data());
    }

    @Test
    void theFileCanBeNamedAndMustThenExist() throws IOException {
        var other = Files.writeString(home.resolve("other.toml"), "region = 'other'");
        assertEquals("other", Settings.read(home, other, Map.of(), Map.of()).text(Setting.REGION));
        assertEquals("other", read(Map.of("CAIRN_CONFIG", other.toString()), Map.of()).text(Setting.REGION));
        var refused = refusal(() -> Settings.read(home, home.resolve("none.toml"), Map.of(), Map.of()));
        assertTrue(refused.startsWith(home.resolve("none.toml") + ": cannot be read"), refused);
    }

    @Test
    void refusesAnUnknownKeyWithTheNearestName() throws IOException {
        file("\nregoin = 'x'\n");
        assertEquals(home.resolve("cairn.toml") + " line 2: unknown key `regoin`; did you mean `region`?",
                refusal(() -> read(Map.of(), Map.of())));
        file("colour = 'x'\n");
        var far = refusal(() -> read(Map.of(), Map.of()));
        assertTrue(far.contains("unknown key `colour`; known are data, host, port-offset"), far);
    }

    @Test
    void refusesAnUnknownVariableWithTheNearestNameAndLeavesOthersAlone() {
        assertEquals("unknown variable `CAIRN_PORTOFFSET` in the environment; did you mean `CAIRN_PORT_OFFSET`?",
                refusal(() -> read(Map.of("CAIRN_PORTOFFSET", "1"), Map.of())));
        var settings = read(Map.of("CAIRN_HEAP", "1g", "CAIRN_ROOT_ACCESS_KEY", "a", "PATH", "/bin", "CAIRN_HOST", ""), Map.of());
        assertEquals("127.0.0.1", settings.text(Setting.HOST)); // an empty variable is one that is not set
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"PORT_OFFSET|-1|it must be 0 to 50000, or auto",
            "PORT_OFFSET|50001|it must be 0 to 50000, or auto",
            "PORT_OFFSET|many|it must be 0 to 50000, or auto", "ONLY|s3,nfs|it must be one of s3, dynamodb, ebs",
            "LOG|inf|did you mean `info`?",
            "LOG_FORMAT|xml|it must be text, json", "INSECURE_LISTEN|yes|it must be true, false",
            "ACCOUNT|1234|it must be twelve digits"})
    void refusesAValueThatDoesNotFit(Setting setting, String text, String reason) {
        var refused = refusal(() -> read(Map.of(), Map.of(setting, text)));
        assertTrue(refused.startsWith(setting.option() + ": " + setting.key() + " cannot be `"), refused);
        assertTrue(refused.endsWith(reason), refused);
    }

    @Test
    void listsAndPortOffsetsAreTakenApart() {
        var settings = read(Map.of(),
                Map.of(Setting.PORT_OFFSET, "100", Setting.ONLY, " s3,", Setting.S3_DOMAIN, " a.example, ,b.example,"));
        assertEquals(OptionalInt.of(100), settings.portOffset());
        assertEquals(List.of("s3"), settings.words(Setting.ONLY));
        assertEquals(List.of("a.example", "b.example"), settings.words(Setting.S3_DOMAIN));
        assertTrue(settings.path(Setting.USERS).isEmpty());
        assertEquals(OptionalInt.empty(), read(Map.of("CAIRN_PORT_OFFSET", "auto"), Map.of()).portOffset());
    }
}
