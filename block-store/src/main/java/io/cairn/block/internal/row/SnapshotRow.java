package io.cairn.block.internal.row;

import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A snapshot: varints version 1, version of the block maps, size, created; volume's id; tags.
///
/// @param createdMicros since 1970
public record SnapshotRow(String id, int version, String volumeId, long sizeBytes, long createdMicros,
        Map<String, String> tags) {
    private static final byte PREFIX = 3;

    public byte[] key() {
        return VolumeRow.key(PREFIX, id);
    }

    public static boolean isSnapshot(byte[] key) {
        return key[0] == PREFIX;
    }

    public byte[] encode() {
        return new Fields().number(1).number(version).number(sizeBytes).number(createdMicros).text(volumeId).tags(tags).row();
    }

    public static SnapshotRow decode(byte[] key, byte[] row) {
        var in = ByteBuffer.wrap(row);
        VolumeRow.requireVersion(in, "snapshot");
        int version = Math.toIntExact(Varint.get(in));
        long sizeBytes = Varint.get(in);
        long created = Varint.get(in);
        return new SnapshotRow(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII), version, Fields.text(in), sizeBytes,
                created, Fields.tags(in));
    }
}
