package io.cairn.server.s3;

import io.cairn.object.Expected;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.object.Upload;
import io.cairn.server.http.Answer;
import io.cairn.server.http.BodyReceiver;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// Puts a body into the store as it arrives. Nothing of it is visible before the last byte came, was signed and fits what the
/// request says of it. A small body passes on the event loop, copied once, and is answered when the commit is durable.
final class UploadReceiver<T> implements BodyReceiver {
    private final S3Call call;
    private final Upload<T> upload;
    private final Digests digests;
    private final SideChecksum side;
    private final Function<T, Answer> answer;
    private boolean ended;

    /// @param side checks a checksum that is not the upload's own; [SideChecksum#NONE] when it is
    UploadReceiver(S3Call call, Upload<T> upload, Digests digests, SideChecksum side, Function<T, Answer> answer) {
        this.call = call;
        this.upload = upload;
        this.digests = digests;
        this.side = side;
        this.answer = answer;
    }

    @Override
    public void piece(ByteBuf piece) {
        if (ended)
            return;
        try {
            if (piece.nioBufferCount() == 1) {
                take(piece.nioBuffer());
            } else {
                for (var buffer : piece.nioBuffers())
                    take(buffer);
            }
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    private void take(ByteBuffer bytes) {
        call.space().require(0);
        side.update(bytes);
        upload.write(bytes);
    }

    @Override
    public void complete(HttpHeaders trailers) {
        if (ended)
            return;
        try {
            var checksum = digests.checksum(trailers);
            side.require(checksum);
            var expected = new Expected(call.exchange().request().contentLength(), digests.md5(),
                    side.isNone() ? checksum : null);
            call.answerWhen(upload.commit(expected).exceptionallyCompose(e -> CompletableFuture.failedFuture(named(e))), answer);
            ended = true;
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    @Override
    public void failed(Throwable cause) {
        if (!ended)
            upload.close();
        ended = true;
    }

    private void giveUp(Throwable failure) {
        ended = true;
        call.fail(named(failure)); // first: a disk that failed a write may fail to remove the file as well
        upload.close();
    }

    /// The store does not know how the checksum was called.
    private Throwable named(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ObjectRefusedException refused && refused.reason() == Reason.BAD_CHECKSUM
                ? Refusals.badChecksum(String.valueOf(digests.algorithm()), String.valueOf(refused.getMessage()))
                : failure;
    }
}
