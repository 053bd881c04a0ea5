package io.cairn.replication.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// Bytes as they were once written, which every later program must still write and read. A format that changes gets a new version and a
/// new file; an old file is never written again. `-Dcairn.golden.write=DIRECTORY` writes those that are missing.
public final class Golden {
    private Golden() {}

    /// The bytes of `golden/NAME.bin`, once they are found equal to `encoded`.
    public static byte[] require(String name, byte[] encoded) {
        try (var stored = Golden.class.getResourceAsStream("/golden/" + name + ".bin")) {
            var directory = System.getProperty("cairn.golden.write");
            if (stored == null && directory != null) {
                Files.createDirectories(Path.of(directory));
                Files.write(Path.of(directory, name + ".bin"), encoded);
                return encoded;
            }
            if (stored == null)
                throw new AssertionError("golden/" + name + ".bin is missing");
            var bytes = stored.readAllBytes();
            if (!Arrays.equals(bytes, encoded))
                throw new AssertionError(name + " is now " + HexFormat.of().formatHex(encoded) + ", was "
                        + HexFormat.of().formatHex(bytes));
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
