package io.cairn.server.s3;

import org.jspecify.annotations.Nullable;

/// The operations that are served; [Routes] has all of them.
enum Operation {
    LIST_BUCKETS, CREATE_BUCKET, HEAD_BUCKET, DELETE_BUCKET, GET_BUCKET_LOCATION, GET_BUCKET_VERSIONING, PUT_BUCKET_VERSIONING, LIST_OBJECT_VERSIONS, GET_BUCKET_ACL, PUT_OBJECT, GET_OBJECT, HEAD_OBJECT, DELETE_OBJECT, DELETE_OBJECTS, COPY_OBJECT, GET_OBJECT_ACL, GET_OBJECT_TAGGING, PUT_OBJECT_TAGGING, DELETE_OBJECT_TAGGING, LIST_OBJECTS, LIST_OBJECTS_V2, CREATE_MULTIPART_UPLOAD, UPLOAD_PART, UPLOAD_PART_COPY, LIST_PARTS, COMPLETE_MULTIPART_UPLOAD, ABORT_MULTIPART_UPLOAD, LIST_MULTIPART_UPLOADS;

    /// The operation of this name in S3's model, or null when it is not served.
    static @Nullable Operation named(String name) {
        for (var operation : values())
            if (operation.name().replace("_", "").equalsIgnoreCase(name))
                return operation;
        return null;
    }
}
