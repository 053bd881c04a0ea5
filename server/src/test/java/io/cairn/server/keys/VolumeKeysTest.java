package io.cairn.server.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.KeySource;
import io.cairn.server.iam.InvalidCredentialsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeKeysTest {
    private static final String VOLUME = "vol-0123456789abcdef0";
    private static final byte[] DATA_KEY = new byte[KeySource.DATA_KEY_BYTES];

    @TempDir
    Path data;

    private Path file() {
        return data.resolve("keys/volumes.key");
    }

    private KeySource keys() {
        return VolumeKeys.of(data, Map.of());
    }

    @Test
    void theFileIsMadeWhenItIsNeeded() throws IOException, GeneralSecurityException {
        var first = keys();
        assertThrows(GeneralSecurityException.class, () -> first.unwrap(new byte[61], VOLUME));
        assertFalse(Files.exists(file()), "who reads makes no key");
        var wrapped = first.wrap(DATA_KEY.clone(), VOLUME);
        var text = Files.readString(file());
        assertTrue(text.matches("[0-9a-f]{64}\n"), "64 hex digits");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keys"))));
        assertArrayEquals(DATA_KEY, keys().unwrap(wrapped, VOLUME));
        assertEquals(text, Files.readString(file()));
        assertArrayEquals(DATA_KEY,
                VolumeKeys.of(data.resolve("nowhere"), Map.of("CAIRN_VOLUMES_KEY", text)).unwrap(wrapped, VOLUME));
        assertFalse(first.toString().contains(text.strip()));
    }

    @Test
    void whatIsNoKeyIsRefused() throws IOException {
        for (var text : new String[]{"", "ab", "g".repeat(64), "a".repeat(63), "a".repeat(66)}) {
            var refused = assertThrows(InvalidCredentialsException.class,
                    () -> VolumeKeys.of(data, Map.of("CAIRN_VOLUMES_KEY", text)));
            assertEquals("CAIRN_VOLUMES_KEY must be 64 hex digits, a key of 256 bits", refused.getMessage(),
                    "and tells none of it");
        }
        Files.createDirectory(data.resolve("keys"));
        Files.writeString(file(), "a".repeat(63) + "\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        assertThrows(GeneralSecurityException.class, () -> keys().wrap(DATA_KEY.clone(), VOLUME));
        Files.writeString(file(), "a".repeat(64) + "\n");
        keysWork();
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
        var open = assertThrows(GeneralSecurityException.class, () -> keys().wrap(DATA_KEY.clone(), VOLUME));
        assertTrue(String.valueOf(open.getMessage()).contains("chmod 600"));
    }

    private void keysWork() {
        try {
            assertArrayEquals(DATA_KEY, keys().unwrap(keys().wrap(DATA_KEY.clone(), VOLUME), VOLUME));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
