package io.cairn.server.sigv4;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.function.Consumer;

/// Turns a body as it travels into the body that is meant, and checks what was signed of it. One per request; one thread at a time.
///
/// Pieces are handed on before everything was verified, for a chunk may be larger than memory: nothing of a body may become visible
/// before [#finish] returned.
public interface Payload {
    String UNSIGNED = "UNSIGNED-PAYLOAD";
    String STREAMING = "STREAMING-";

    /// Consumes all of `in` and hands on what is data. `data` does not keep what it gets.
    ///
    /// @throws SignatureRefusedException when the body is already known to be wrong
    void decode(ByteBuf in, Consumer<ByteBuf> data);

    /// The body has ended.
    ///
    /// @return the trailers, with lower-case names; empty for most forms
    /// @throws SignatureRefusedException when the body is not what was signed, or is not whole
    HttpHeaders finish();

    /// A body of which nothing was signed.
    static Payload plain() {
        return new Payload() {
            @Override
            public void decode(ByteBuf in, Consumer<ByteBuf> data) {
                if (in.isReadable())
                    data.accept(in);
            }

            @Override
            public HttpHeaders finish() {
                return EmptyHttpHeaders.INSTANCE;
            }
        };
    }

    /// Whether this value of `x-amz-content-sha256` announces a signature for every chunk.
    static boolean signsChunks(String hash) {
        return hash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
    }

    /// Whether this value of `x-amz-content-sha256` is one that is served.
    static void checkName(String hash) {
        switch (hash) {
            case UNSIGNED, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                    "STREAMING-UNSIGNED-PAYLOAD-TRAILER" ->
                {
                }
            default -> {
                if (!Sha256.isHex(hash))
                    throw new SignatureRefusedException(400, "InvalidArgument",
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                                    + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
                            Map.of("ArgumentName", "x-amz-content-sha256", "ArgumentValue", hash));
            }
        }
    }
}
