package io.cairn.server.iam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where keys come from.
class CredentialsTest {
    @TempDir
    Path data;

    private Credentials open(Map<String, String> environment) throws IOException {
        return Credentials.open(data, null, environment, new Random(1));
    }

    @Test
    void theRootKeyIsMadeOnceAndKept() throws IOException {
        var first = open(Map.of());
        var file = data.resolve("root-key");
        assertTrue(Files.readString(file).matches("CAIRN[A-Z2-7]{15}\n[A-Za-z0-9]{40}\n"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        var again = Credentials.open(data, null, Map.of(), new Random(2));
        assertEquals(first.rootAccessKey(), again.rootAccessKey());
        var root = again.find(first.rootAccessKey());
        assertNotNull(root);
        assertTrue(root.principal().root());
        assertFalse(root.toString().contains(root.secretKey()));
    }

    @Test
    void theEnvironmentGoesFirst() throws IOException {
        var credentials = open(Map.of("CAIRN_ROOT_ACCESS_KEY", "me", "CAIRN_ROOT_SECRET_KEY", "secret"));
        assertEquals("me", credentials.rootAccessKey());
        assertFalse(Files.exists(data.resolve("root-key")));
        var half = assertThrows(InvalidCredentialsException.class, () -> open(Map.of("CAIRN_ROOT_ACCESS_KEY", "me")));
        assertTrue(String.valueOf(half.getMessage()).contains("set both or neither"));
    }

    @Test
    void aRootKeyThatOthersReadIsRefused() throws IOException {
        open(Map.of());
        Files.setPosixFilePermissions(data.resolve("root-key"), PosixFilePermissions.fromString("rw-r--r--"));
        var refused = assertThrows(InvalidCredentialsException.class, () -> open(Map.of()));
        assertTrue(String.valueOf(refused.getMessage()).contains("chmod 600"), refused.getMessage());
    }

    @Test
    void aBrokenRootKeyIsRefused() throws IOException {
        open(Map.of());
        Files.writeString(data.resolve("root-key"), "only-one-line\n");
        assertThrows(InvalidCredentialsException.class, () -> open(Map.of()));
    }

    @Test
    void usersAreRead() throws IOException {
        var file = data.resolve("users");
        Files.writeString(file, "# access secret id name\n\nalice s3cret a11ce Alice  of the Wonderland\n\tbob\thush b0b Bob\n");
        var credentials = Credentials.open(data, file, Map.of(), new Random(1));
        var alice = credentials.find("alice");
        assertNotNull(alice);
        assertEquals("s3cret", alice.secretKey());
        assertEquals(new Principal("alice", "a11ce", "Alice  of the Wonderland", false), alice.principal());
        var bob = credentials.find("bob");
        assertNotNull(bob);
        assertEquals("b0b", bob.principal().canonicalId());
        assertNull(credentials.find("#"));
        assertNull(credentials.find("carol"));
    }

    @ParameterizedTest
    @CsvSource({"a b c d|a hush c, line 2", "# x||a hush|x, line 3", "a b c d|e f g h|a hush j k, line 3"})
    void aBadLineIsNamed(String text, String line) throws IOException {
        var file = data.resolve("users");
        Files.writeString(file, text.replace('|', '\n'));
        var refused = assertThrows(InvalidCredentialsException.class,
                () -> Credentials.open(data, file, Map.of(), new Random(1)));
        assertTrue(String.valueOf(refused.getMessage()).contains(line.strip() + ":"), refused.getMessage());
        assertFalse(String.valueOf(refused.getMessage()).contains("hush"));
    }

    @Test
    void aMissingFileIsNamed() {
        var refused = assertThrows(InvalidCredentialsException.class,
                () -> Credentials.open(data, data.resolve("none"), Map.of(), new Random(1)));
        assertTrue(String.valueOf(refused.getMessage()).contains("none"));
    }
}
