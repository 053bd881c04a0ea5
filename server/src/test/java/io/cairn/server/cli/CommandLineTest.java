package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Arguments, and the commands that ask no server.
class CommandLineTest {
    @TempDir
    Path home;
    private Run cairn;
    private Path data;

    @BeforeEach
    void start() throws IOException {
        cairn = new Run(home);
        data = Files.createDirectory(home.resolve("cairn-data"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"server --hots x|Unknown options: '--hots', 'x'|cairn server",
            "serve|Unmatched argument at index 0: 'serve'|cairn",
            "bucket create|Missing required parameter: 'BUCKET'|cairn bucket create",
            "object put x|Missing required parameter: 'BUCKET[/KEY]'|cairn object put",
            "server --port-offset|Missing required parameter|cairn server"})
    void wrongArgumentsEndWithTwoAndNameTheHelp(String args, String message, String command) {
        assertEquals(2, cairn.run(args.split(" ")));
        assertTrue(cairn.err().startsWith("cairn: " + message) || cairn.err().contains(message), cairn.err());
        assertTrue(cairn.err().endsWith("see: bin/" + command + " --help\n"), cairn.err());
        assertEquals("", cairn.out());
    }

    @Test
    void aCommandWithOthersBelowItShowsWhichTheyAre() {
        assertEquals(0, cairn.run());
        assertTrue(cairn.out().startsWith("Usage: cairn") && cairn.out().contains("  server ") && cairn.out().contains("  env "),
                cairn.out());
        assertEquals("", cairn.err());
        assertEquals(0, cairn.run("bucket"));
        assertTrue(cairn.out().startsWith("Usage: cairn bucket") && cairn.out().contains("  create "), cairn.out());
    }

    @Test
    void onlyFacesThatAreBuiltAreOffered() {
        assertEquals(2, cairn.run("server", "--only", "nfs"));
        assertEquals("cairn: --only: only cannot be `nfs`; it must be one of s3, dynamodb, ebs\n", cairn.err());
        assertEquals(2, cairn.run("server", "--only", "sql"));
    }

    @Test
    void aDataDirectoryIsADirectory() throws IOException {
        var file = Files.writeString(home.resolve("file"), "mine\n");
        cairn.starter = new Assembly();
        for (var path : List.of(file, file.resolve("below"))) {
            assertEquals(2, cairn.run("server", "--port-offset", "auto", "--data", path.toString()));
            assertEquals("cairn: " + file + " is a file, not a directory; name a data directory with --data\n", cairn.err());
        }
        for (var command : List.of("env", "cert", "status")) {
            assertEquals(2, cairn.run(command, "--data", file.toString()));
            assertEquals("cairn: " + file + " is a file, not a directory; name the server's data directory with --data\n",
                    cairn.err());
        }
        assertEquals("mine\n", Files.readString(file));
    }

    @Test
    void aServerThatWasKilledServesNoMore() throws Exception {
        Files.writeString(data.resolve("root-key"), "A\nB\n");
        var process = new ProcessBuilder("sleep", "60").start();
        var gone = new ProcessIdentity(process.pid(), "");
        assertTrue(gone.runs());
        process.destroyForcibly().waitFor();
        var self = ProcessIdentity.current();
        assertTrue(self.runs());
        for (var server : List.of(gone, new ProcessIdentity(self.pid(), "1"))) { // the number may be another's by now
            cairn.serves("http://127.0.0.1:4666", server);
            for (var command : List.of(List.of("env"), List.of("status"), List.of("bucket", "ls"))) {
                assertEquals(1, cairn.run(command.toArray(String[]::new)), command::toString);
                assertEquals("cairn: no server at " + data + ": process " + server.pid()
                        + " has ended; start one with: bin/cairn server --data " + data + "\n", cairn.err());
                assertEquals("", cairn.out());
            }
        }
        cairn.serves("http://127.0.0.1:4666");
        assertEquals(0, cairn.run("env"), cairn.err());
    }

    @Test
    void everyCommandHasHelp() {
        helps(Main.commandLine(
                new Invocation(home, cairn.environment, System.in, System.out, System.err, false, false, cairn.starter, s -> {
                })), List.of());
    }

    private void helps(picocli.CommandLine line, List<String> path) {
        var args = new ArrayList<>(path);
        args.add("--help");
        assertEquals(0, cairn.run(args.toArray(String[]::new)), () -> args + ": " + cairn.err());
        assertTrue(
                cairn.out().startsWith(
                        "Usage: " + String.join(" ", path.isEmpty() ? List.of("cairn") : List.of("cairn", path.getFirst()))),
                cairn.out());
        line.getSubcommands().forEach((name, sub) -> {
            var longer = new ArrayList<>(path);
            longer.add(name);
            helps(sub, longer);
        });
    }

    @Test
    void printsItsVersion() {
        assertEquals(0, cairn.run("--version"));
        assertTrue(cairn.out().matches("cairn \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n"), cairn.out());
    }

    @Test
    void envPrintsShellLines() throws IOException {
        Files.writeString(data.resolve("root-key"), "CAIRNABC\nit's\n");
        cairn.serves("http://127.0.0.1:4666");
        cairn.environment.put("AWS_ACCESS_KEY_ID", "of-an-earlier-server");
        cairn.environment.put("AWS_SECRET_ACCESS_KEY", "of-an-earlier-server");
        assertEquals(0, cairn.run("env"), cairn.err());
        assertEquals("""
                export AWS_ENDPOINT_URL='http://127.0.0.1:4666'
                export AWS_ACCESS_KEY_ID='CAIRNABC'
                export AWS_SECRET_ACCESS_KEY='it'\\''s'
                export AWS_REGION='us-east-1'
                export AWS_DEFAULT_REGION='us-east-1'
                unset AWS_SESSION_TOKEN
                aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
                """, cairn.out());
    }

    @Test
    void whatEnvPrintsIsUnderstoodByASh() throws Exception {
        Files.writeString(data.resolve("root-key"), "CAIRNABC\nit's $HOME `x`\n");
        assertEquals(0, cairn.run("env"), cairn.err());
        var script = cairn.out() + "printf %s \"$AWS_SECRET_ACCESS_KEY\"; command() { printf ' [%s]' \"$@\"; }; aws s3 ls 'a b'";
        var sh = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        assertEquals("it's $HOME `x` [aws] [--endpoint-url] [http://127.0.0.1:4566] [s3] [ls] [a b]",
                new String(sh.getInputStream().readAllBytes(),
                        StandardCharsets.UTF_8));
        assertEquals(0, sh.waitFor());
    }

    @Test
    void envNamesTheAuthorityOfAServerThatTakesTlsOnly() throws IOException {
        Files.writeString(data.resolve("root-key"), "A\nB\n");
        cairn.serves("https://10.0.0.1:4566");
        assertEquals(0, cairn.run("env"), cairn.err());
        assertTrue(cairn.out().contains("export AWS_CA_BUNDLE='" + data + "/keys/ca.pem'\n"), cairn.out());
    }

    @Test
    void envTakesTheRootKeyOfTheEnvironmentFirstAndSaysWhenThereIsNone() {
        assertEquals(1, cairn.run("env"));
        assertEquals("cairn: there is no " + data + "/root-key yet; start a server with: bin/cairn server\n", cairn.err());
        cairn.environment.put("CAIRN_ROOT_ACCESS_KEY", "A");
        cairn.environment.put("CAIRN_ROOT_SECRET_KEY", "B");
        assertEquals(0, cairn.run("env"));
        assertTrue(cairn.out().contains("export AWS_ACCESS_KEY_ID='A'\nexport AWS_SECRET_ACCESS_KEY='B'\n"), cairn.out());
        assertTrue(cairn.out().contains("http://127.0.0.1:4566"), cairn.out());
    }

    @Test
    void certPrintsTheAuthority() throws IOException {
        assertEquals(1, cairn.run("cert"));
        assertTrue(cairn.err().contains("start a server with: bin/cairn server"), cairn.err());
        var file = new DataDirectory(data).authorityFile();
        Files.createDirectories(file.getParent());
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\n");
        assertEquals(0, cairn.run("cert"));
        assertEquals("-----BEGIN CERTIFICATE-----\n", cairn.out());
    }

    @Test
    void configShowsValuesAndWhereTheyComeFrom() throws IOException {
        Files.writeString(home.resolve("cairn.toml"), "\n[log]\nformat = 'json'\n");
        cairn.environment.put("CAIRN_REGION", "eu-west-1");
        assertEquals(0, cairn.run("config", "show", "--origin", "-o", "table", "--data", "/tmp/x"), cairn.err());
        var lines = cairn.out().lines().map(line -> line.replaceAll(" {2,}", "|")).toList();
        assertTrue(lines.containsAll(List.of("setting|value|origin", "data|/tmp/x|--data", "region|eu-west-1|CAIRN_REGION",
                "log-format|json|" + home.resolve("cairn.toml") + " line 3", "host|127.0.0.1|default")), lines::toString);
        assertEquals(0, cairn.run("config", "show"));
        assertTrue(cairn.out().contains("\"setting\" : \"region\",\n  \"value\" : \"eu-west-1\"\n"), cairn.out());
        assertFalse(cairn.out().contains("origin"), cairn.out());
    }

    @Test
    void aBadConfigurationEndsWithTwo() throws IOException {
        Files.writeString(home.resolve("cairn.toml"), "hots = 'x'\n");
        assertEquals(2, cairn.run("server"));
        assertEquals("cairn: " + home.resolve("cairn.toml") + " line 1: unknown key `hots`; did you mean `host`?\n", cairn.err());
    }

    @Test
    void completionIsAScriptForTheShell() {
        assertEquals(0, cairn.run("completion"), cairn.err());
        assertTrue(cairn.out().contains("complete -F _complete_cairn"), cairn.out());
    }
}
