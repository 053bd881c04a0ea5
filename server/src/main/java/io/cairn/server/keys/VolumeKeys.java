package io.cairn.server.keys;

import io.cairn.block.KeySource;
import io.cairn.server.iam.InvalidCredentialsException;
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
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The master key of encrypted volumes: `CAIRN_VOLUMES_KEY`, else the file `DATA/keys/volumes.key`, mode 0600, one line of 64 hex digits, LF. The file is made when
/// the first volume is to be encrypted, and never again: where volumes are encrypted already and the file is missing, they stay closed until it is back. Told to
/// nobody, in no log. Any thread.
public final class VolumeKeys implements KeySource {
    /// Where the key may be given.
    public static final String VARIABLE = "CAIRN_VOLUMES_KEY";
    private static final String FILE = "volumes.key";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ENTERS = PosixFilePermissions.fromString("rwx------");
    private final Path file;
    private @Nullable KeySource key;

    private VolumeKeys(Path file) {
        this.file = file;
    }

    /// Reads and makes nothing yet.
    ///
    /// @param data the data directory
    /// @throws InvalidCredentialsException when the variable is no key
    public static KeySource of(Path data, Map<String, String> environment) {
        var given = environment.get(VARIABLE);
        if (given == null)
            return new VolumeKeys(data.resolve("keys").resolve(FILE));
        var key = parse(given.strip());
        if (key == null)
            throw new InvalidCredentialsException(VARIABLE + " must be 64 hex digits, a key of 256 bits");
        return KeySource.of(key);
    }

    private static byte @Nullable [] parse(String text) {
        try {
            var key = HexFormat.of().parseHex(text);
            return key.length == DATA_KEY_BYTES ? key : null;
        } catch (IllegalArgumentException e) {
            return null; // the message would tell a part of it
        }
    }

    /// The store asks for this only if it has no encrypted volume yet, or this key has unwrapped one of theirs.
    @Override
    public byte[] wrap(byte[] dataKey, String volume) throws GeneralSecurityException {
        return key(true).wrap(dataKey, volume);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String volume) throws GeneralSecurityException {
        return key(false).unwrap(wrapped, volume);
    }

    private synchronized KeySource key(boolean make) throws GeneralSecurityException {
        var known = key;
        if (known == null)
            try {
                if (!Files.exists(file)) {
                    if (!make)
                        throw new GeneralSecurityException("there is no " + file + "; restore it, or set " + VARIABLE);
                    write();
                }
                known = key = read();
            } catch (IOException e) {
                throw new GeneralSecurityException("cannot use " + file + ": " + e.getMessage(), e);
            }
        return known;
    }

    private KeySource read() throws IOException, GeneralSecurityException {
        var permissions = Files.getPosixFilePermissions(file);
        if (!OWNER_ONLY.containsAll(permissions))
            throw new GeneralSecurityException(file + " can be read or written by others ("
                    + PosixFilePermissions.toString(permissions) + "); run: chmod 600 " + file);
        var read = parse(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        if (read == null)
            throw new GeneralSecurityException(file + " must hold 64 hex digits; restore it");
        return KeySource.of(read);
    }

    /// Written beside and renamed, so that a crash leaves either no key or a whole one; on disk before anything is encrypted with it.
    private void write() throws IOException {
        var directory = file.toAbsolutePath().getParent();
        if (directory == null)
            throw new IOException("it has no directory");
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ENTERS));
            sync(directory.resolveSibling("."));
        }
        var draft = file.resolveSibling(FILE + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        var fresh = new byte[DATA_KEY_BYTES];
        new SecureRandom().nextBytes(fresh);
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            var line = ByteBuffer.wrap((HexFormat.of().formatHex(fresh) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (line.hasRemaining())
                channel.write(line);
            channel.force(true);
        } finally {
            Arrays.fill(fresh, (byte) 0);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return "the master key in " + file;
    }
}
