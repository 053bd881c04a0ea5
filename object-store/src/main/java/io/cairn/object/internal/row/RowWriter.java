package io.cairn.object.internal.row;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ObjectMetadata;
import io.cairn.replication.Extent;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Appends the pieces that rows share. Strings are a varint length and UTF-8; a checksum is its algorithm's code (0 for none), the type's
/// code, its value and a varint part count; maps and lists begin with a varint count.
final class RowWriter {
    private ByteBuffer buffer;

    RowWriter(int expectedBytes) {
        buffer = ByteBuffer.allocate(Math.max(64, expectedBytes));
    }

    RowWriter u8(int value) {
        reserve(1).put((byte) value);
        return this;
    }

    RowWriter u64(long value) {
        reserve(8).putLong(value);
        return this;
    }

    RowWriter varint(long value) {
        Varint.put(reserve(Varint.MAX_BYTES), value);
        return this;
    }

    RowWriter raw(byte[] value) {
        reserve(value.length).put(value);
        return this;
    }

    RowWriter text(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return varint(bytes.length).raw(bytes);
    }

    RowWriter texts(Map<String, String> map) {
        varint(map.size());
        map.forEach((name, value) -> text(name).text(value));
        return this;
    }

    RowWriter metadata(ObjectMetadata metadata) {
        return texts(metadata.headers()).texts(metadata.user());
    }

    RowWriter algorithm(@Nullable ChecksumAlgorithm algorithm) {
        return u8(algorithm == null ? 0 : Codes.of(algorithm));
    }

    RowWriter checksum(@Nullable Checksum checksum) {
        if (checksum == null)
            return u8(0);
        return algorithm(checksum.algorithm()).u8(Codes.of(checksum.type())).raw(checksum.value()).varint(checksum.partCount());
    }

    RowWriter extents(List<Extent> extents) {
        varint(extents.size());
        for (var extent : extents)
            extent.encode(reserve(Extent.MAX_ENCODED_BYTES));
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer reserve(int count) {
        if (buffer.remaining() < count)
            buffer = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + count)).put(buffer.flip());
        return buffer;
    }
}
