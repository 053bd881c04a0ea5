package io.cairn.block.internal.row;

import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A volume: varints version, number, size, type, created; tags, attributes. Version 1 is plain, version 2 encrypted: a program that knows no encryption must
/// not take one for the other.
///
/// @param number that notes and versions go by
/// @param createdMicros since 1970
public record VolumeRow(String id, int number, long createdMicros, VolumeDefinition definition) {
    private static final byte PREFIX = 2;
    private static final int PLAIN = 1;
    private static final int ENCRYPTED = 2;

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

    public VolumeRow with(VolumeDefinition changed) {
        return new VolumeRow(id, number, createdMicros, changed);
    }

    public byte[] encode() {
        return new Fields().number(definition.encrypted() ? ENCRYPTED : PLAIN).number(number).number(definition.sizeBytes())
                .number(definition.type().ordinal())
                .number(createdMicros).tags(definition.tags()).tags(definition.attributes()).row();
    }

    public static VolumeRow decode(byte[] key, byte[] row) {
        var in = ByteBuffer.wrap(row);
        long version = Varint.get(in);
        if (version != PLAIN && version != ENCRYPTED)
            throw unknown(version, "volume", ENCRYPTED);
        int number = Math.toIntExact(Varint.get(in));
        long sizeBytes = Varint.get(in);
        var type = VolumeType.values()[(int) Varint.get(in)];
        long created = Varint.get(in);
        return new VolumeRow(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII), number, created,
                new VolumeDefinition(sizeBytes, type, Fields.tags(in), Fields.tags(in), version == ENCRYPTED));
    }

    static void requireVersion(ByteBuffer in, String what) {
        long version = Varint.get(in);
        if (version != 1)
            throw unknown(version, what, 1);
    }

    private static IllegalArgumentException unknown(long version, String what, int newest) {
        return new IllegalArgumentException(what + " row of version " + version + ", this program knows up to " + newest);
    }
}
