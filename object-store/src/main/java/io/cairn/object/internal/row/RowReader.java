package io.cairn.object.internal.row;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ObjectMetadata;
import io.cairn.replication.Extent;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads what [RowWriter] wrote.
final class RowReader {
    private final ByteBuffer in;

    /// `IllegalArgumentException` for a row of another version.
    RowReader(byte[] row, int version) {
        in = ByteBuffer.wrap(row);
        int found = u8();
        if (found != version)
            throw new IllegalArgumentException("row of version " + found + "; this program knows version " + version);
    }

    boolean ended() {
        return !in.hasRemaining();
    }

    int u8() {
        return in.get() & 0xFF;
    }

    long u64() {
        return in.getLong();
    }

    long varint() {
        return Varint.get(in);
    }

    int count() {
        return Math.toIntExact(varint());
    }

    byte[] raw(int length) {
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text() {
        int length = count();
        var text = new String(in.array(), in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    Map<String, String> texts() {
        int count = count();
        if (count == 0)
            return Map.of();
        var map = new TreeMap<String, String>();
        for (int i = 0; i < count; i++)
            map.put(text(), text());
        return map;
    }

    ObjectMetadata metadata() {
        var headers = texts();
        var user = texts();
        return headers.isEmpty() && user.isEmpty() ? ObjectMetadata.EMPTY : new ObjectMetadata(headers, user);
    }

    @Nullable
    ChecksumAlgorithm algorithm() {
        int code = u8();
        return code == 0 ? null : Codes.algorithm(code);
    }

    @Nullable
    Checksum checksum() {
        var algorithm = algorithm();
        if (algorithm == null)
            return null;
        var type = Codes.type(u8());
        return new Checksum(algorithm, type, raw(algorithm.bytes()), count());
    }

    List<Extent> extents() {
        int count = count();
        var extents = new ArrayList<Extent>(count);
        for (int i = 0; i < count; i++)
            extents.add(Extent.decode(in));
        return extents;
    }
}
