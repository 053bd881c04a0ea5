/// Disk images in files, raw and qcow2, read and written part by part. Knows nothing of servers. Start reading at
/// [io.cairn.server.cli.image.Contents].
@org.jspecify.annotations.NullMarked
package io.cairn.server.cli.image;
