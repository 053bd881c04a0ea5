package io.cairn.object.internal.row;

import io.cairn.object.ChecksumType;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import java.util.Map;

/// An unfinished multipart upload's row, version 1: u8 version, u64 secret (half of its id), u8 checksum algorithm, u8 checksum type,
/// metadata; tags if there are any.
public record UploadRow(long secret, PutOptions options) {
    private static final int VERSION = 1;

    public byte[] encode() {
        var out = new RowWriter(128).u8(VERSION).u64(secret).algorithm(options.checksum()).u8(Codes.of(options.checksumType()))
                .metadata(options.metadata());
        return (options.tags().isEmpty() ? out : out.texts(options.tags())).toBytes();
    }

    public static UploadRow decode(byte[] row) {
        var in = new RowReader(row, VERSION);
        long secret = in.u64();
        var algorithm = in.algorithm();
        ChecksumType type = Codes.type(in.u8());
        return new UploadRow(secret,
                new PutOptions(in.metadata(), algorithm, type, PutCondition.ALWAYS, in.ended() ? Map.of() : in.texts()));
    }
}
