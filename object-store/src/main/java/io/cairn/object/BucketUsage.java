package io.cairn.object;

/// What a bucket holds. Bytes are those of objects as their readers see them: copies count each, whatever lies on the disk.
///
/// @param objects keys whose newest version is no delete marker
/// @param versions superseded ones, delete markers left out
/// @param objectBytes of the newest versions
/// @param versionBytes of the superseded ones
/// @param uploads unfinished multipart uploads
/// @param uploadBytes of the parts that came so far
public record BucketUsage(long objects, long versions, long markers, long objectBytes, long versionBytes, long uploads,
        long uploadBytes) {
    static BucketUsage of(Bucket bucket) {
        long objects = 0;
        long versions = 0;
        long markers = 0;
        long objectBytes = 0;
        long versionBytes = 0;
        var afterKey = "";
        var afterVersion = "";
        do {
            var page = bucket.versions(new VersionListRequest("", "", afterKey, afterVersion, ListRequest.MAX));
            for (var version : page.versions())
                switch (version) {
                    case ObjectVersion.DeleteMarker _ -> markers++;
                    case ObjectVersion.Stored(var info, var latest) -> {
                        objects += latest ? 1 : 0;
                        versions += latest ? 0 : 1;
                        objectBytes += latest ? info.sizeBytes() : 0;
                        versionBytes += latest ? 0 : info.sizeBytes();
                    }
                }
            afterKey = page.nextKey();
            afterVersion = page.nextVersion();
        } while (!afterKey.isEmpty());
        long uploads = 0;
        long uploadBytes = 0;
        var afterUpload = "";
        do {
            var page = bucket.multiparts(new MultipartListRequest("", "", afterKey, afterUpload, ListRequest.MAX));
            for (var upload : page.uploads()) {
                uploads++;
                uploadBytes += bytes(upload);
            }
            afterKey = page.nextKey();
            afterUpload = page.nextId();
        } while (!afterKey.isEmpty());
        return new BucketUsage(objects, versions, markers, objectBytes, versionBytes, uploads, uploadBytes);
    }

    private static long bytes(MultipartUpload upload) {
        try {
            return upload.parts(0, MultipartUpload.MAX_PARTS).stream().mapToLong(Part::sizeBytes).sum();
        } catch (ObjectRefusedException e) {
            if (e.reason() == Reason.NO_SUCH_UPLOAD)
                return 0; // completed or dropped just now
            throw e;
        }
    }
}
