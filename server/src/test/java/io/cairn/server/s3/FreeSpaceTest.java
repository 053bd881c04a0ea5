package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.object.ObjectStore;
import io.cairn.object.testkit.ModelObjectStore;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.s3.FakeExchange.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is nearly full: what would fill it is refused, everything else goes on.
class FreeSpaceTest {
    private static final long FLOOR = 1 << 20;
    private static final int BODY_BYTES = 5000;
    private final AtomicLong free = new AtomicLong(10 * FLOOR);
    private final AtomicLong nanos = new AtomicLong();
    private final ObjectStore store = new ModelObjectStore(S3TestClient.MIN_PART_BYTES, InstantSource.fixed(S3TestClient.NOON));
    private final S3TestClient s3 = new S3TestClient(store, new FreeSpace(free::get, FLOOR, this::later));

    /// No two looks at the clock are near enough for one look at the disk.
    private long later() {
        return nanos.addAndGet(1_000_000_000);
    }

    @BeforeEach
    void fill() {
        assertEquals(200, s3.put("/bucket", "").status());
        assertEquals(200, s3.put("/bucket/key", "here").status());
    }

    private static void assertFull(Reply reply) {
        assertEquals("InsufficientStorage", reply.element("Code"), reply.text());
        assertEquals(507, reply.status());
    }

    @Test
    void belowTheFloorNothingIsAddedButReadingAndDeletingGoOn() {
        var upload = s3.call("POST", "/bucket/parts?uploads").send().element("UploadId");
        var part = s3.put("/bucket/parts?partNumber=1&uploadId=" + upload, "part").header("ETag");
        var other = s3.call("POST", "/bucket/other?uploads").send().element("UploadId");
        free.set(FLOOR - 1);
        assertFull(s3.put("/bucket/more", "more"));
        assertFull(s3.put("/bucket/parts?partNumber=2&uploadId=" + upload, "more"));
        assertFull(s3.call("POST", "/bucket/more?uploads").send());
        assertFull(s3.call("PUT", "/bucket/more").header("x-amz-copy-source", "bucket/key").send());
        assertFull(
                s3.call("PUT", "/bucket/parts?partNumber=2&uploadId=" + upload).header("x-amz-copy-source", "bucket/key").send());
        assertFull(s3.put("/bucket-2", ""));
        assertEquals("here", s3.get("/bucket/key").text());
        assertEquals(1, s3.get("/bucket?list-type=2").elements("Contents").size());
        assertEquals(200, s3.call("POST", "/bucket/parts?uploadId=" + upload).body("<CompleteMultipartUpload><Part><PartNumber>1"
                + "</PartNumber><ETag>" + part + "</ETag></Part></CompleteMultipartUpload>").send().status());
        assertEquals("part", s3.get("/bucket/parts").text());
        assertEquals(204, s3.delete("/bucket/other?uploadId=" + other).status());
        assertEquals(204, s3.delete("/bucket/key").status());
        free.set(2 * FLOOR);
        assertEquals(200, s3.put("/bucket/more", "more").status());
    }

    @Test
    void whatWouldNotFitIsRefusedBeforeItComes() {
        free.set(FLOOR + BODY_BYTES - 1);
        assertFull(s3.call("PUT", "/bucket/more").body(new byte[BODY_BYTES]).send());
        assertFull(s3.as(S3TestClient.ROOT).call("PUT", "/bucket/more").body(new byte[BODY_BYTES]).send());
        assertEquals(403, s3.as(S3TestClient.BOB).call("PUT", "/bucket/more").body(new byte[BODY_BYTES]).send().status());
        free.set(FLOOR + BODY_BYTES);
        assertEquals(200, s3.call("PUT", "/bucket/more").body(new byte[BODY_BYTES]).send().status());
    }

    @Test
    void aDiskThatFillsWhileABodyComesEndsTheUpload() {
        var looks = new AtomicLong();
        var filling = new S3TestClient(store, new FreeSpace(() -> looks.incrementAndGet() < 5 ? FLOOR : 0, FLOOR, this::later));
        assertFull(filling.call("PUT", "/bucket/more").body(new byte[BODY_BYTES]).header("transfer-encoding", "chunked")
                .lengthUnknown().send());
        assertTrue(looks.get() >= 5);
        assertEquals(404, s3.get("/bucket/more").status());
    }

    @Test
    void theDiskIsNotAskedForEachRequest() {
        var looks = new AtomicLong();
        var still = new FreeSpace(() -> {
            looks.incrementAndGet();
            return FLOOR;
        }, FLOOR, () -> 7);
        for (int i = 0; i < 100; i++)
            still.require(0);
        assertEquals(1, looks.get());
    }

    @Test
    void aRealDirectoryTellsWhatIsFree(@TempDir Path directory) throws Exception {
        FreeSpace.on(directory, 1).require(0);
        long free = Files.getFileStore(directory).getUsableSpace();
        var client = new S3TestClient(store, FreeSpace.on(directory, free * 2));
        assertFull(client.put("/bucket/more", "more"));
        assertEquals(200, new S3TestClient(store, FreeSpace.on(directory, 0)).put("/bucket/more", "more").status());
    }
}
