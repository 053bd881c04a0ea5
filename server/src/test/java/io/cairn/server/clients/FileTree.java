package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Files from a seed, and the comparison of two trees.
final class FileTree {
    private FileTree() {}

    /// One file of random bytes.
    static Path file(Path file, int bytes, long seed) throws IOException {
        var content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return Files.write(file, content);
    }

    /// `count` files of 0 to 20,000 bytes in nested directories, with names that are awkward in URLs, shells and XML.
    static Path many(Path root, int count, long seed) throws IOException {
        var random = new Random(seed);
        var words = List.of("plain", "with blank", "plus+and&", "per%cent", "ümläut", "quote'd", "eq=ual", "a,b;c", "日本",
                "tilde~", "(paren)");
        for (int i = 0; i < count; i++) {
            var directory = root.resolve(words.get(random.nextInt(words.size()))).resolve("d" + random.nextInt(4));
            Files.createDirectories(directory);
            file(directory.resolve(words.get(random.nextInt(words.size())) + "-" + i), random.nextInt(20_000), random.nextLong());
        }
        return root;
    }

    static void assertSame(Path expected, Path actual) throws IOException {
        assertEquals(hashes(expected), hashes(actual));
    }

    /// Content hash by relative path.
    private static SortedMap<String, String> hashes(Path root) throws IOException {
        var hashes = new TreeMap<String, String>();
        try (var files = Files.walk(root)) {
            for (var file : files.filter(Files::isRegularFile).toList())
                hashes.put(root.relativize(file).toString(), Files.size(file) + " bytes, " + sha256(file));
        }
        return hashes;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
