/// S3's objects as a library: buckets, objects of any size, listings, multipart uploads, every answer durable.
/// Start reading at [io.cairn.object.ObjectStore].
@org.jspecify.annotations.NullMarked
package io.cairn.object;
