package io.cairn.object.internal.row;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The id of a version that is not a null version: 16 hexadecimal digits of its stamp and 16 that cannot be guessed.
public record VersionId(long stamp, long secret) {
    /// Null for a text that no version ever has.
    public static @Nullable VersionId parse(String text) {
        if (text.length() != 32)
            return null;
        try {
            return new VersionId(HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public String text() {
        return HexFormat.of().toHexDigits(stamp) + HexFormat.of().toHexDigits(secret);
    }
}
