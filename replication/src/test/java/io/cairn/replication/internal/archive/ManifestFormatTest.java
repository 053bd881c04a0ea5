package io.cairn.replication.internal.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Archive;
import io.cairn.replication.testkit.Golden;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manifests as they were once written, and every byte of theirs flipped; and what a directory promises as an archive.
final class ManifestFormatTest {
    private static final TimelineHead HEAD = new TimelineHead(255, 3, 0x1234_5678_9ABC_DEF0L, 0x300000, 17,
            1_700_000_000_000_001L);
    private static final BlobRef LOG = new BlobRef("log/0000000000000002", 5000, 0xCAFEBABE);
    private static final BlobRef EXTENT = new BlobRef("extents/0000000000300001", 300_068, 7);
    private static final SegmentManifest SEGMENT = new SegmentManifest(HEAD.timeline(), 2, 0x300000, 4096, 9096, 18, 20,
            1_700_000_000_000_002L, 1_700_000_000_000_009L, LOG, List.of(EXTENT));
    private static final CheckpointManifest CHECKPOINT = new CheckpointManifest(HEAD.timeline(), 1, 19, 1_700_000_000_000_003L,
            0x300000, 8000,
            List.of(new CheckpointManifest.Entry("db/CURRENT", List.of(new BlobRef("files/" + "0f".repeat(32), 16, 1))),
                    new CheckpointManifest.Entry("log/0000000000200000.log", List.of(LOG, LOG)),
                    new CheckpointManifest.Entry("extents/0000000000300001.ext", List.of(EXTENT))));

    private static final Watermark WATERMARK = new Watermark(HEAD.timeline(), 2, 1_700_000_000_000_011L);

    @TempDir
    Path directory;

    @Test
    void manifestsAreWhatTheyWere() {
        check("archive-timeline-1", HEAD.encode(), HEAD, TimelineHead::decode);
        check("archive-segment-1", SEGMENT.encode(), SEGMENT, SegmentManifest::decode);
        check("archive-checkpoint-1", CHECKPOINT.encode(), CHECKPOINT, CheckpointManifest::decode);
        check("archive-watermark-1", WATERMARK.encode(), WATERMARK, Watermark::decode);
    }

    private static <T> void check(String golden, byte[] encoded, T value, Function<byte[], T> decode) {
        var bytes = Golden.require(golden, encoded);
        assertEquals(value, decode.apply(bytes));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            assertThrows(IllegalArgumentException.class, () -> decode.apply(bytes), "a flip in byte " + i);
            bytes[i] ^= 1;
        }
        assertThrows(IllegalArgumentException.class, () -> decode.apply(Arrays.copyOf(bytes, bytes.length - 1)));
    }

    @Test
    void aDirectoryKeepsBlobsWholeAndNeverReplacesOne() throws IOException {
        var archive = Archive.directory(directory.resolve("archive"));
        assertEquals(List.of(), archive.list(""));
        archive.put("0/b/2", 3, new ByteArrayInputStream(new byte[]{1, 2, 3}));
        archive.put("0/b/1", 1, new ByteArrayInputStream(new byte[]{9}));
        archive.put("0/bc", 0, new ByteArrayInputStream(new byte[0]));
        assertThrows(FileAlreadyExistsException.class,
                () -> archive.put("0/b/1", 1, new ByteArrayInputStream(new byte[]{8})));
        assertThrows(IOException.class, () -> archive.put("0/b/3", 4, new ByteArrayInputStream(new byte[3])));
        Files.write(directory.resolve("archive/0/b/.4.new"), new byte[5]); // what a killed process leaves
        assertEquals(List.of("0/b/1", "0/b/2"), archive.list("0/b/"));
        assertEquals(List.of("0/b/1", "0/b/2", "0/bc"), archive.list(""));
        try (var in = archive.get("0/b/1")) {
            assertEquals(9, in.read());
        }
        archive.delete(List.of("0/b/1", "0/b/7"));
        assertThrows(NoSuchFileException.class, () -> archive.get("0/b/1"));
        for (var name : List.of("../x", "0//x", "/0", "0/.x", ""))
            assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class, () -> archive.get(name)).getMessage())
                    .contains("no name"));
    }
}
