/// Checksums and ETags as S3 has them: computed as the bytes go by, combined from those of parts without reading the bytes again.
/// Start reading at [io.cairn.object.internal.checksum.Digester].
@org.jspecify.annotations.NullMarked
package io.cairn.object.internal.checksum;
