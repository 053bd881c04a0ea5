package io.cairn.block.internal.row;

import io.cairn.block.VolumeType;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A volume: varints version 1, number, size, type, created; tags.
///
/// @param number that notes and versions go by
/// @param createdMicros since 1970
public record VolumeRow(String id, int number, long sizeBytes, VolumeType type, long createdMicros, Map<String, String> tags) {
    private static final byte PREFIX = 2;

    public byte[] key() {
        return key(PREFIX, id);
    }

    static byte[] key(byte prefix, String id) {
        var bytes = id.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + bytes.length).put(prefix).put(bytes).array();
    }

    public static boolean isVolume(byte[] key) {
        return key[0] == PREFIX;
    }

    public VolumeRow withSize(long bytes) {
        return new VolumeRow(id, number, bytes, type, createdMicros, tags);
    }

    public byte[] encode() {
        return new Fields().number(1).number(number).number(sizeBytes).number(type.ordinal()).number(createdMicros).tags(tags)
                .row();
    }

    public static VolumeRow decode(byte[] key, byte[] row) {
        var in = ByteBuffer.wrap(row);
        requireVersion(in, "volume");
        return new VolumeRow(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII), Math.toIntExact(Varint.get(in)),
                Varint.get(in), VolumeType.values()[(int) Varint.get(in)], Varint.get(in), Fields.tags(in));
    }

    static void requireVersion(ByteBuffer in, String what) {
        long version = Varint.get(in);
        if (version != 1)
            throw new IllegalArgumentException(what + " row of version " + version + ", this program knows 1");
    }
}
