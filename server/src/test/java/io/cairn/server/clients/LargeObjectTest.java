package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/// An object far larger than the server's memory, up in parts and down in one range. Nothing but the server keeps its bytes.
@Tag("long")
class LargeObjectTest {
    private static final String BUCKET = "large";
    private static final String KEY = "object";
    private static final long FULL_BYTES = 6L << 30;
    private static final int PART_BYTES = 64 << 20;
    private static final int UPLOADS_AT_ONCE = 3;
    private static final long MAX_SERVER_KIB = 400_000;
    @TempDir
    Path directory;
    private final SeededContent content = new SeededContent(4711);

    @Test
    void sixGibibytesGoUpAndFiveComeBackThroughASmallHeap() throws Exception {
        int parts = (int) (LongRun.scaled(FULL_BYTES) / PART_BYTES);
        long size = (long) parts * PART_BYTES;
        LongRun.needFree(directory, size + (2L << 30));
        try (var server = new RunningServer.Launch(directory).withHeap("256m").start(); var s3 = SdkClient.of(server)) {
            s3.createBucket(b -> b.bucket(BUCKET));
            long begun = System.nanoTime();
            upload(s3, parts);
            double upSeconds = (System.nanoTime() - begun) / 1e9;
            long first = size / 12 + 12_345; // within a part, an extent and a block
            long length = size / 6 * 5 - 20_000;
            begun = System.nanoTime();
            downloadAndCompare(s3, size, first, length);
            double downSeconds = (System.nanoTime() - begun) / 1e9;
            long most = server.memoryKib("VmHWM");
            System.out.printf(
                    "large object: %d MiB up in %d parts, %d at once, %.0f MB/s; range of %d MiB down and compared %.0f MB/s;"
                            + " server with a heap of 256 MiB used at most %d MiB (VmHWM)%n",
                    size >> 20, parts, UPLOADS_AT_ONCE, size / 1e6 / upSeconds, length >> 20, length / 1e6 / downSeconds,
                    most >> 10);
            assertTrue(most < MAX_SERVER_KIB, "the server used " + most + " KiB");
            assertEquals("", server.errors());
            s3.deleteObject(b -> b.bucket(BUCKET).key(KEY));
        }
    }

    private void upload(S3Client s3, int count) throws Exception {
        var id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key(KEY)).uploadId();
        var answers = new ArrayList<Future<CompletedPart>>();
        var parts = new ArrayList<CompletedPart>();
        try (var threads = Executors.newFixedThreadPool(UPLOADS_AT_ONCE)) {
            for (int number = 1; number <= count; number++) {
                int part = number;
                answers.add(threads.submit(() -> CompletedPart.builder().partNumber(part)
                        .eTag(s3.uploadPart(b -> b.bucket(BUCKET).key(KEY).uploadId(id).partNumber(part), body(part)).eTag())
                        .build()));
            }
            for (var answer : answers)
                parts.add(answer.get());
        }
        s3.completeMultipartUpload(b -> b.bucket(BUCKET).key(KEY).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    private RequestBody body(int part) {
        return RequestBody.fromContentProvider(ContentStreamProvider
                .fromInputStreamSupplier(() -> content.stream((part - 1L) * PART_BYTES, PART_BYTES)), PART_BYTES,
                "application/octet-stream");
    }

    private void downloadAndCompare(S3Client s3, long size, long first, long length) throws IOException {
        long last = first + length - 1;
        try (var got = s3.getObject(b -> b.bucket(BUCKET).key(KEY).range("bytes=" + first + "-" + last))) {
            assertEquals(length, got.response().contentLength());
            assertEquals("bytes " + first + "-" + last + "/" + size, got.response().contentRange());
            assertEquals(length, compare(got, first));
        }
    }

    /// How many bytes came, all as they were sent.
    private long compare(InputStream got, long first) throws IOException {
        var came = new byte[256 << 10];
        var sent = new byte[came.length];
        long at = first;
        for (int count = got.readNBytes(came, 0, came.length); count > 0; count = got.readNBytes(came, 0, came.length)) {
            content.fill(sent, count, at);
            int different = Arrays.mismatch(came, 0, count, sent, 0, count);
            if (different >= 0)
                throw new AssertionError("byte " + (at + different) + " is another");
            at += count;
        }
        return at - first;
    }
}
