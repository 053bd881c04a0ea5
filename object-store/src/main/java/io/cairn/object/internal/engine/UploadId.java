package io.cairn.object.internal.engine;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A multipart upload's id: 16 hexadecimal digits of its number, which is the stamp of its begin, and 16 that cannot be guessed. In order of
/// time.
record UploadId(long number, long secret) {
    static @Nullable UploadId parse(String text) {
        if (text.length() != 32)
            return null;
        try {
            return new UploadId(HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    String text() {
        return HexFormat.of().toHexDigits(number) + HexFormat.of().toHexDigits(secret);
    }
}
