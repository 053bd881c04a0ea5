package io.cairn.object;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/// Bytes on their way in: an object, or a part of one. Not thread-safe: one thread at a time. Memory held is bounded (about
/// 1 MiB) whatever the size of the object.
///
/// @param <T> what is known after the commit: [ObjectInfo] or [Part]
public interface Upload<T> extends AutoCloseable {
    /// Takes the remaining bytes of `bytes`, which the caller may reuse at once. May block on the disk.
    /// [Reason#ENTITY_TOO_LARGE] past 5 GiB.
    void write(ByteBuffer bytes);

    /// Checks what was received against `expected`, makes it durable and then visible, in one step.
    /// Fails with [Reason#BAD_DIGEST], [Reason#BAD_CHECKSUM], [Reason#INCOMPLETE_BODY] or [Reason#PRECONDITION_FAILED], and then nothing is visible.
    /// Called once. Blocks on the disk only for objects above 256 KiB. The future may complete on the log's own thread, so attach long work with the `Async` forms.
    CompletableFuture<T> commit(Expected expected);

    /// Lets go of everything if [#commit] was not called; otherwise does nothing.
    @Override
    void close();
}
