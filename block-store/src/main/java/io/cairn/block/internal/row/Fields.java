package io.cairn.block.internal.row;

import io.cairn.replication.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Writes and reads the fields of rows: numbers as varints, texts as their length and UTF-8.
final class Fields {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Fields number(long value) {
        var bytes = new byte[Varint.MAX_BYTES];
        out.write(bytes, 0, Varint.put(bytes, 0, value));
        return this;
    }

    Fields text(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    Fields bytes(byte[] value) {
        number(value.length);
        out.writeBytes(value);
        return this;
    }

    Fields tags(Map<String, String> tags) {
        number(tags.size());
        new TreeMap<>(tags).forEach((key, value) -> text(key).text(value));
        return this;
    }

    byte[] row() {
        return out.toByteArray();
    }

    static String text(ByteBuffer in) {
        int length = Math.toIntExact(Varint.get(in));
        if (length > in.remaining())
            throw new BufferUnderflowException();
        var bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static Map<String, String> tags(ByteBuffer in) {
        var tags = new TreeMap<String, String>();
        for (long count = Varint.get(in); count > 0; count--)
            tags.put(text(in), text(in));
        return Map.copyOf(tags);
    }
}
