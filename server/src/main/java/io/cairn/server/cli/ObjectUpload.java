package io.cairn.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;

/// Sends one object: small ones in one request, larger ones in parts. A file is read where it lies; of a stream one part is held in
/// memory. A multipart upload that fails is aborted.
final class ObjectUpload {
    /// Objects up to here go in one request.
    static final long SINGLE_BYTES = 16L << 20;
    static final long PART_BYTES = 8L << 20;
    static final int MAX_PARTS = 10_000;
    /// Parts under way at a time.
    static final int CONNECTIONS = 4;

    private final S3Client s3;
    private final ObjectAddress object;
    private final String contentType;
    private final Progress progress;

    ObjectUpload(S3Client s3, ObjectAddress object, String contentType, Progress progress) {
        this.s3 = s3;
        this.object = object;
        this.contentType = contentType;
        this.progress = progress;
    }

    /// Returns the count of bytes.
    long file(Path file) throws IOException {
        long length = Files.size(file);
        if (length <= SINGLE_BYTES)
            s3.put(object.bucket(), object.key(), contentType, new Payload.FileRange(file, 0, length), progress);
        else
            inParts(uploadId -> fileParts(uploadId, file, length));
        return length;
    }

    /// Returns the count of bytes.
    long stream(InputStream in) throws IOException {
        var first = in.readNBytes((int) PART_BYTES);
        if (first.length < PART_BYTES) {
            s3.put(object.bucket(), object.key(), contentType, new Payload.Bytes(first, first.length), progress);
            return first.length;
        }
        var length = new long[1];
        inParts(uploadId -> {
            var etags = new ArrayList<String>();
            for (var part = first; part.length > 0; part = in.readNBytes(streamPartBytes(etags.size()))) {
                if (etags.size() == MAX_PARTS)
                    throw new CommandException(
                            "the input is longer than %d parts can hold; put it into a file first".formatted(MAX_PARTS));
                etags.add(part(uploadId, etags.size() + 1, new Payload.Bytes(part, part.length)));
                length[0] += part.length;
            }
            return etags;
        });
        return length[0];
    }

    /// Nobody knows how long a stream is: parts grow with their count, so that 10,000 of them hold about 500 GB while a short stream
    /// takes little memory.
    static int streamPartBytes(int partsBefore) {
        return (int) (PART_BYTES << Math.min(3, partsBefore / 1000));
    }

    /// The smallest size, in whole MiB, with which the parts do not get too many.
    static long filePartBytes(long length) {
        long needed = Math.ceilDiv(length, (long) MAX_PARTS);
        return Math.max(PART_BYTES, Math.ceilDiv(needed, 1L << 20) << 20);
    }

    /// Sends the parts and returns their ETags in order.
    @FunctionalInterface
    private interface Parts { List<String> send(String uploadId) throws IOException; }

    private void inParts(Parts parts) throws IOException {
        var uploadId = s3.createUpload(object.bucket(), object.key(), contentType);
        boolean complete = false;
        try {
            s3.completeUpload(object.bucket(), object.key(), uploadId, parts.send(uploadId));
            complete = true;
        } finally {
            if (!complete)
                abort(uploadId);
        }
    }

    private List<String> fileParts(String uploadId, Path file, long length) {
        long partBytes = filePartBytes(length);
        int count = (int) Math.ceilDiv(length, partBytes);
        var etags = new String[count];
        // Closing it waits for its threads; after a failure those that have not begun are dropped.
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            var done = new ExecutorCompletionService<Integer>(threads);
            for (int i = 0; i < count; i++)
                done.submit(send(uploadId, file, length, partBytes, i, etags));
            try {
                for (int i = 0; i < count; i++)
                    done.take().get();
            } catch (ExecutionException e) {
                threads.shutdownNow();
                if (e.getCause() instanceof RuntimeException cause)
                    throw cause;
                throw new CommandException(file + " cannot be read: " + e.getCause()).because(e);
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted").because(e);
            }
        }
        return List.of(etags);
    }

    private Callable<Integer> send(String uploadId, Path file, long length, long partBytes, int index, String[] etags) {
        return () -> {
            long offset = index * partBytes;
            etags[index] = part(uploadId, index + 1, new Payload.FileRange(file, offset, Math.min(partBytes, length - offset)));
            return index;
        };
    }

    private String part(String uploadId, int number, Payload payload) {
        return s3.uploadPart(object.bucket(), object.key(), uploadId, number, payload, progress);
    }

    private void abort(String uploadId) {
        try {
            s3.abortUpload(object.bucket(), object.key(), uploadId);
        } catch (CommandException | S3Exception e) {
            // The failure that led here is the one to show; what is left is listed by s3api list-multipart-uploads.
            LoggerFactory.getLogger(ObjectUpload.class).warn("upload {} of {} was not aborted: {}", uploadId, object,
                    e.getMessage());
        }
    }
}
