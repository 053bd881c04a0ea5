/// Amazon S3's REST protocol over an [io.cairn.object.ObjectStore]. Start reading at [io.cairn.server.s3.S3Face]; the table of
/// operations is `Routes`.
@org.jspecify.annotations.NullMarked
package io.cairn.server.s3;
