package io.cairn.object.testkit;

import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectMetadata;
import io.cairn.object.ObjectVersion;
import io.cairn.object.Part;
import io.cairn.object.PutOptions;
import io.cairn.object.StoredObject;
import io.cairn.object.StoredObject.Piece;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Values as texts that can be compared between two stores: without times and ids, which are each store's own.
final class Spelled {
    static String of(ObjectInfo info) {
        return info.key() + " " + info.sizeBytes() + " " + info.etag() + " " + info.metadata() + " " + info.checksum() + " "
                + info.partCount() + " " + new TreeMap<>(info.tags());
    }

    static String of(ObjectVersion version) {
        return (version.latest() ? "latest " : "") + switch (version) {
            case ObjectVersion.Stored(var info, boolean _) -> of(info);
            case ObjectVersion.DeleteMarker marker -> marker.key() + " marker";
        };
    }

    static String of(Part part) {
        return part.number() + " " + part.sizeBytes() + " " + part.etag() + " " + part.checksum();
    }

    static List<String> infos(List<ObjectInfo> infos) {
        return infos.stream().map(Spelled::of).toList();
    }

    static List<String> parts(List<Part> parts) {
        return parts.stream().map(Spelled::of).toList();
    }

    static String digest(byte[] bytes) {
        return bytes.length + " bytes " + HexFormat.of().formatHex(ModelDigests.md5(bytes));
    }

    /// Options whose metadata and tags follow from a text; none from the empty one.
    static PutOptions options(String text) {
        return text.isEmpty()
                ? PutOptions.DEFAULT
                : PutOptions.DEFAULT.withMetadata(new ObjectMetadata(Map.of("content-type", "text/" + text),
                        Map.of(text, "\u00e4 " + text, "empty", ""))).withTags(tags(text));
    }

    static Map<String, String> tags(String text) {
        return text.isEmpty() ? Map.of() : Map.of(text, "\u00e4 " + text, "empty", "");
    }

    /// The bytes of a run, by its pieces.
    static byte[] pieces(StoredObject object, long from, long length) {
        var out = new ByteArrayOutputStream();
        var pieces = object.pieces(from, length);
        for (var piece = pieces.next(); piece != null; piece = pieces.next()) {
            switch (piece) {
                case Piece.Bytes(var bytes) -> {
                    var copy = new byte[bytes.remaining()];
                    bytes.duplicate().get(copy);
                    out.writeBytes(copy);
                }
                case Piece.FileRange(var file, long position, long bytes) -> out.writeBytes(fromFile(file, position, bytes));
            }
        }
        return out.toByteArray();
    }

    private static byte[] fromFile(FileChannel file, long position, long length) {
        var buffer = ByteBuffer.allocate(Math.toIntExact(length));
        try {
            while (buffer.hasRemaining())
                if (file.read(buffer, position + buffer.position()) < 0)
                    throw new AssertionError("the file ends within the piece");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return buffer.array();
    }

    private Spelled() {}
}
