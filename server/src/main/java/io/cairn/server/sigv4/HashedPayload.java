package io.cairn.server.sigv4;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Consumer;

/// A body whose SHA-256 stands in `x-amz-content-sha256`.
final class HashedPayload implements Payload {
    private final String expectedHex;
    private final MessageDigest digest = Sha256.newDigest();

    HashedPayload(String expectedHex) {
        this.expectedHex = expectedHex;
    }

    @Override
    public void decode(ByteBuf in, Consumer<ByteBuf> data) {
        if (!in.isReadable())
            return;
        update(digest, in, in.readerIndex(), in.readableBytes());
        data.accept(in);
    }

    @Override
    public HttpHeaders finish() {
        var actual = digest.digest();
        if (!Sha256.equalsHex(actual, expectedHex))
            throw new SignatureRefusedException(400, "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    Map.of("ClientComputedContentSHA256", expectedHex, "S3ComputedContentSHA256", Sha256.hex(actual)));
        return EmptyHttpHeaders.INSTANCE;
    }

    static void update(MessageDigest digest, ByteBuf bytes, int index, int length) {
        if (bytes.hasArray())
            digest.update(bytes.array(), bytes.arrayOffset() + index, length);
        else
            for (var part : bytes.nioBuffers(index, length))
                digest.update(part);
    }
}
