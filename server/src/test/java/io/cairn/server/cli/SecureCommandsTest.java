package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands against a real server over TLS, trusting its own authority.
class SecureCommandsTest {
    @TempDir
    Path home;
    private Run cairn;
    private ServerProcess server;
    private String endpoint;

    @BeforeEach
    void start() throws IOException {
        cairn = new Run(home);
        start(Map.of(Setting.PORT_OFFSET, "auto"));
    }

    private void start(Map<Setting, String> options) throws IOException {
        server = new Assembly().start(Settings.read(home, null, Map.of(), options));
        var aws = server.endpoints().stream().filter(e -> e.name().equals("aws")).findFirst().orElseThrow();
        endpoint = "https://" + aws.uri().getAuthority();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private String run(String... args) {
        assertEquals(0, cairn.run(args), () -> String.join(" ", args) + ": " + cairn.err());
        return cairn.out();
    }

    private Path file(String name, int bytes) throws IOException {
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(home.resolve(name), content);
    }

    @Test
    void objectsGoUpAreListedAndComeBack() throws IOException {
        cairn.environment.put("AWS_ENDPOINT_URL", endpoint);
        run("bucket", "create", "objects");
        var small = file("small.txt", 70_000);
        var large = file("large.iso", (int) (ObjectUpload.SINGLE_BYTES + 12_345)); // in parts
        run("object", "put", small.toString(), "objects/dir/");
        run("object", "put", large.toString(), "objects");
        assertTrue(run("object", "ls", "objects", "--recursive").contains("\"key\" : \"dir/small.txt\""), cairn.out());
        assertTrue(cairn.out().contains("\"size\" : " + Files.size(large)), cairn.out());
        for (var object : Map.of("objects/dir/small.txt", small, "objects/large.iso", large).entrySet()) {
            var back = home.resolve("back");
            run("object", "get", object.getKey(), back.toString());
            assertArrayEquals(Files.readAllBytes(object.getValue()), Files.readAllBytes(back));
            run("object", "get", object.getKey(), "-");
            assertArrayEquals(Files.readAllBytes(object.getValue()), cairn.outBytes());
        }
        run("object", "rm", "objects/dir/small.txt", "objects/large.iso");
        assertEquals("[ ]\n", run("object", "ls", "objects", "--recursive"));
        assertTrue(run("status", "-o", "table").contains("aws         up          " + endpoint), cairn.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aServerOnEveryAddressIsReachedByWhatEnvSays(String wildcard) throws IOException {
        stop();
        start(Map.of(Setting.PORT_OFFSET, "auto", Setting.HOST, wildcard));
        var said = run("env").lines().filter(line -> line.startsWith("export AWS_ENDPOINT_URL=")).findFirst().orElseThrow()
                .replaceAll(".*='(.*)'", "$1");
        assertEquals(endpoint, said);
        assertFalse(InetAddress.getByName(URI.create(said).getHost()).isAnyLocalAddress(), said);
        run("bucket", "create", "everywhere");
        cairn.environment.put("AWS_ENDPOINT_URL", said);
        assertTrue(run("bucket", "ls").contains("everywhere"), cairn.out());
        var port = URI.create(said).getPort();
        for (var loopback : List.of("127.0.0.1", "localhost"))
            assertTrue(run("bucket", "ls", "--endpoint", "https://" + loopback + ":" + port).contains("everywhere"), cairn.out());
    }

    @Test
    void aServerOfAnotherAuthorityIsNotBelieved() throws IOException {
        var elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.copy(server.rootKeyFile(), elsewhere.resolve("root-key"));
        assertEquals(1, cairn.run("bucket", "ls", "--data", elsewhere.toString(), "--endpoint", endpoint));
        assertTrue(cairn.err().startsWith("cairn: "), cairn.err());
        assertEquals(1, cairn.err().lines().count(), cairn.err());
        assertFalse(cairn.err().contains("this is a defect"), cairn.err());
        cairn.environment.put("AWS_CA_BUNDLE", home.resolve("cairn-data/keys/ca.pem").toString());
        assertEquals("[ ]\n", run("bucket", "ls", "--data", elsewhere.toString(), "--endpoint", endpoint));
    }
}
