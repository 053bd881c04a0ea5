package io.cairn.replication.internal.extent;

import io.cairn.replication.Extent.Home;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.util.OptionalLong;

/// Files are named by their number in 16 hexadecimal digits: `.log` in `log/`, `.ext` in `extents/`.
public final class FileNames {
    private FileNames() {}

    public static String of(FileKey key) {
        return of(key.home(), key.number());
    }

    public static String of(Home home, long number) {
        var digits = Long.toHexString(number);
        return "0".repeat(16 - digits.length()) + digits + suffix(home);
    }

    /// The number in a file's name, or nothing when it is not such a name.
    public static OptionalLong number(Home home, String name) {
        if (name.length() != 20 || !name.endsWith(suffix(home)))
            return OptionalLong.empty();
        try {
            return OptionalLong.of(Long.parseUnsignedLong(name, 0, 16, 16));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static String suffix(Home home) {
        return switch (home) {
            case LOG -> ".log";
            case OWN_FILE -> ".ext";
        };
    }
}
