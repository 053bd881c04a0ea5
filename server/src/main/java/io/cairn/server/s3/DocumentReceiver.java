package io.cairn.server.s3;

import io.cairn.object.Checksum;
import io.cairn.server.http.BodyReceiver;
import io.cairn.server.http.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Consumer;

/// Collects a small document and checks it against the MD5 and checksum that the request gives. More than
/// [XmlReader#MAX_BYTES] is refused with 400 `MaxMessageLengthExceeded`.
final class DocumentReceiver implements BodyReceiver {
    private final S3Call call;
    private final Digests digests;
    private final Consumer<byte[]> next;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream();
    private boolean ended;

    private DocumentReceiver(S3Call call, Digests digests, Consumer<byte[]> next) {
        this.call = call;
        this.digests = digests;
        this.next = next;
    }

    /// Receives the whole body and then goes on with it on the worker pool.
    static void receive(S3Call call, Digests digests, Consumer<byte[]> next) {
        call.exchange().receive(new DocumentReceiver(call, digests, next));
    }

    @Override
    public void piece(ByteBuf piece) {
        if (ended)
            return;
        if (document.size() + piece.readableBytes() > XmlReader.MAX_BYTES) {
            ended = true;
            call.fail(new RefusedException(400, "MaxMessageLengthExceeded",
                    "Your request was too big: a document here has at most " + XmlReader.MAX_BYTES + " bytes"));
            return;
        }
        var bytes = new byte[piece.readableBytes()];
        piece.getBytes(piece.readerIndex(), bytes);
        document.writeBytes(bytes);
    }

    @Override
    public void complete(HttpHeaders trailers) {
        if (ended)
            return;
        ended = true;
        call.guarded(() -> {
            var bytes = document.toByteArray();
            call.runOnWorker(() -> {
                check(bytes, trailers);
                next.accept(bytes);
            });
        });
    }

    private void check(byte[] bytes, HttpHeaders trailers) {
        if (digests.md5() != null && !MessageDigest.isEqual(digests.md5(), md5(bytes)))
            throw new RefusedException(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
        var expected = digests.checksum(trailers);
        if (expected != null && digests.algorithm() != null
                && !MessageDigest.isEqual(expected, Checksum.of(digests.algorithm(), bytes).value()))
            throw new RefusedException(400, "BadDigest",
                    "The " + digests.algorithm() + " you specified did not match the calculated checksum.");
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no MD5", e);
        }
    }

    @Override
    public void failed(Throwable cause) {
        ended = true;
    }
}
