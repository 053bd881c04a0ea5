package io.cairn.server.iam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The key that may do all. File `DATA/root-key`, mode 0600, two lines, LF: the access key (`CAIRN` + 15 of base32), then the secret
/// (40 of `[A-Za-z0-9]`, so that it can stand in a URL). Never a fixed default.
record RootKey(String accessKey, String secretKey) {
    static final String FILE = "root-key";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    static @Nullable RootKey fromEnvironment(Map<String, String> environment) {
        var accessKey = environment.get("CAIRN_ROOT_ACCESS_KEY");
        var secretKey = environment.get("CAIRN_ROOT_SECRET_KEY");
        if (accessKey == null && secretKey == null)
            return null;
        if (accessKey == null || accessKey.isBlank() || secretKey == null || secretKey.isBlank())
            throw new InvalidCredentialsException(
                    "CAIRN_ROOT_ACCESS_KEY and CAIRN_ROOT_SECRET_KEY go together: set both or neither");
        return new RootKey(accessKey, secretKey);
    }

    static RootKey readOrCreate(Path data, RandomGenerator random) throws IOException {
        var file = data.resolve(FILE);
        if (Files.exists(file))
            return read(file);
        var key = new RootKey("CAIRN" + draw(random, BASE32, 15), draw(random, ALPHANUMERIC, 40));
        key.write(file);
        return key;
    }

    private static RootKey read(Path file) throws IOException {
        var permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions))
            throw new InvalidCredentialsException(
                    file + " can be read or written by others (" + PosixFilePermissions.toString(permissions)
                            + "); run: chmod 600 " + file);
        var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        if (lines.size() != 2 || lines.get(0).isBlank() || lines.get(1).isBlank())
            throw new InvalidCredentialsException(
                    file + " must hold two lines, access key and secret key; restore it, or remove it to get a new root key");
        return new RootKey(lines.get(0).strip(), lines.get(1).strip());
    }

    /// Written beside and renamed, so that a crash leaves either no key or a whole one.
    private void write(Path file) throws IOException {
        var draft = file.resolveSibling(FILE + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap((accessKey + "\n" + secretKey + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining())
                channel.write(bytes);
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (var directory = FileChannel.open(file.toAbsolutePath().getParent())) {
            directory.force(true);
        }
    }

    private static String draw(RandomGenerator random, String alphabet, int count) {
        var drawn = new StringBuilder(count);
        for (int i = 0; i < count; i++)
            drawn.append(alphabet.charAt(random.nextInt(alphabet.length())));
        return drawn.toString();
    }

    @Override
    public String toString() {
        return "RootKey[" + accessKey + "]";
    }
}
