package io.cairn.block.internal.row;

import io.cairn.block.SnapshotDefinition;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A snapshot: varints version 1, version of the block maps, size, created; volume's id; tags, attributes.
///
/// @param createdMicros since 1970
public record SnapshotRow(String id, int version, String volumeId, long sizeBytes, long createdMicros,
        SnapshotDefinition definition) {
    private static final byte PREFIX = 3;

    public byte[] key() {
        return VolumeRow.key(PREFIX, id);
    }

    public static boolean isSnapshot(byte[] key) {
        return key[0] == PREFIX;
    }

    public SnapshotRow with(SnapshotDefinition changed) {
        return new SnapshotRow(id, version, volumeId, sizeBytes, createdMicros, changed);
    }

    public byte[] encode() {
        return new Fields().number(1).number(version).number(sizeBytes).number(createdMicros).text(volumeId)
                .tags(definition.tags()).tags(definition.attributes()).row();
    }

    public static SnapshotRow decode(byte[] key, byte[] row) {
        var in = ByteBuffer.wrap(row);
        VolumeRow.requireVersion(in, "snapshot");
        int version = Math.toIntExact(Varint.get(in));
        long sizeBytes = Varint.get(in);
        long created = Varint.get(in);
        return new SnapshotRow(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII), version, Fields.text(in), sizeBytes,
                created, new SnapshotDefinition(Fields.tags(in), Fields.tags(in)));
    }
}
