package io.cairn.object.internal.row;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.ObjectMetadata;
import io.cairn.object.ObjectTags;
import io.cairn.object.PutOptions;
import io.cairn.object.Versioning;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.testkit.Golden;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rows are on disks for ever: each form is encoded as it always was, and the stored one is read back as what it says.
final class RowFormatTest {
    private static final long STAMP = 1_764_000_000_123_456L;
    private static final ObjectMetadata METADATA = new ObjectMetadata(Map.of("content-type", "text/plain"),
            Map.of("name", "\u00e4\u00f6", "empty", ""));
    private static final Extent IN_LOG = new Extent(Home.LOG, 3L << 20, 4192, 70_000);
    private static final Extent OWN = new Extent(Home.OWN_FILE, (3L << 20) + 7, 64, 300_000);

    private static byte[] md5() {
        var bytes = new byte[16];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) (i * 17);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectRow object(long size, int parts, Checksum checksum, Content content) {
        return new ObjectRow(STAMP, null, false, Map.of(), size, md5(), parts, checksum, METADATA, content);
    }

    private static void same(String name, ObjectRow row) {
        var stored = ObjectRow.decode(Golden.require(name, row.encode()));
        assertEquals(row.info("key"), stored.info("key"));
        switch (row.content()) {
            case Content.Inline(var bytes) -> assertArrayEquals(bytes, ((Content.Inline) stored.content()).bytes());
            case Content.Extents _,Content.Parts _ -> assertEquals(row.content(), stored.content());
        }
    }

    @Test
    void objects() {
        same("object-inline-v1",
                object(5, 0, Checksum.of(ChecksumAlgorithm.CRC32C, bytes("bytes")), new Content.Inline(bytes("bytes"))));
        same("object-extents-v1", object(370_000, 0, Checksum.of(ChecksumAlgorithm.SHA256, bytes("x")),
                new Content.Extents(List.of(OWN, IN_LOG))));
        same("object-parts-v1", object(9L << 40, 10_000,
                new Checksum(ChecksumAlgorithm.CRC64NVME, ChecksumType.FULL_OBJECT, bytes("12345678"), 0),
                new Content.Parts(STAMP - 1)));
    }

    /// A version with an id of its own, with tags and another row's content; the null version stays as it was before there were versions.
    @Test
    void versions() {
        var row = new ObjectRow(STAMP, 0x7123456789ABCDEFL, true, ObjectTags.checked(Map.of("team", "\u00e4", "empty", "")), 5,
                md5(), 0, null,
                ObjectMetadata.EMPTY, new Content.Inline(bytes("bytes")));
        same("object-version-v1", row);
        assertEquals(row.tags(), ObjectRow.decode(row.encode()).tags());
        assertEquals(row.versionId(), ObjectRow.decode(row.encode()).versionId());
        for (var marker : List.of(new MarkerRow(STAMP, 0x7123456789ABCDEFL), new MarkerRow(STAMP, null)))
            assertEquals(marker, VersionRow.decode(
                    Golden.require(marker.isNull() ? "marker-null-v1" : "marker-version-v1", marker.encode())));
    }

    @Test
    void parts() {
        var row = new PartRow(STAMP, 70_000, md5(), Checksum.of(ChecksumAlgorithm.SHA1, bytes("y")),
                new Content.Extents(List.of(IN_LOG)));
        assertEquals(row.part(3), PartRow.decode(Golden.require("part-v1", row.encode())).part(3));
        assertEquals(row.content(), PartRow.decode(row.encode()).content());
    }

    @Test
    void uploads() {
        var options = PutOptions.DEFAULT.withMetadata(METADATA).withChecksum(ChecksumAlgorithm.CRC32, ChecksumType.COMPOSITE);
        var row = new UploadRow(0x0123456789ABCDEFL, options);
        assertEquals(row, UploadRow.decode(Golden.require("upload-v1", row.encode())));
        var tagged = new UploadRow(1, options.withTags(Map.of("a", "b")));
        assertEquals(tagged, UploadRow.decode(Golden.require("upload-tagged-v1", tagged.encode())));
    }

    @Test
    void buckets() {
        var row = new BucketRow(STAMP, 77, "owner");
        assertEquals(row, BucketRow.decode(Golden.require("bucket-v1", row.encode())));
    }

    @Test
    void versioning() {
        for (var versioning : Versioning.values())
            assertEquals(versioning, VersioningRow.decode(
                    Golden.require("versioning-" + versioning.name().toLowerCase(Locale.ROOT) + "-v1",
                            VersioningRow.encode(versioning))));
    }

    @Test
    void keys() {
        assertArrayEquals(Golden.require("key-current-v1", ObjectKeys.current(7, bytes("a\0\u00e4/b"))),
                ObjectKeys.current(7, bytes("a\0\u00e4/b")));
        Golden.require("key-upload-v1", ObjectKeys.upload(7, bytes("a\0b"), STAMP));
        Golden.require("key-part-v1", ObjectKeys.part(STAMP, 10_000));
        var version = Golden.require("key-version-v1", ObjectKeys.version(ObjectKeys.current(7, bytes("a")), STAMP));
        assertEquals(STAMP, ObjectKeys.stampOf(version));
        assertArrayEquals(ObjectKeys.current(7, bytes("a")), ObjectKeys.currentOf(version));
        Golden.require("key-shared-extent-v1", ObjectKeys.shared(OWN));
        Golden.require("key-shared-parts-v1", ObjectKeys.shared(STAMP));
        Golden.require("key-setting-v1", ObjectKeys.setting(7, "cors"));
    }

    @Test
    void aRowOfALaterProgramIsRefused() {
        var row = object(5, 0, Checksum.of(ChecksumAlgorithm.CRC32, bytes("bytes")), new Content.Inline(bytes("bytes"))).encode();
        row[9] = (byte) 0x80;
        assertThrows(IllegalArgumentException.class, () -> ObjectRow.decode(row));
        row[0] = 2;
        assertThrows(IllegalArgumentException.class, () -> ObjectRow.decode(row));
    }
}
