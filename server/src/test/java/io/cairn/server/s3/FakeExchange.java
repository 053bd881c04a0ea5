package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.StoredObject.Piece;
import io.cairn.server.http.Answer;
import io.cairn.server.http.BodyReceiver;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Face;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import io.cairn.server.iam.Principal;
import io.cairn.server.sigv4.SignatureRefusedException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A front door without a network: hands a whole body over in pieces, runs everything on the calling thread, keeps the answer.
final class FakeExchange implements Exchange {
    private static final int PIECE_BYTES = 1000;

    private final Face face;
    private final Request request;
    private final Principal principal;
    private final byte[] body;
    private final HttpHeaders trailers;
    /// When set, the body breaks off after its first half.
    private final boolean cut;
    private final List<Runnable> atEnd = new ArrayList<>();
    @Nullable
    Answer answer;
    @Nullable
    Throwable internalError;

    FakeExchange(Face face, Request request, Principal principal, byte[] body, HttpHeaders trailers, boolean cut) {
        this.face = face;
        this.request = request;
        this.principal = principal;
        this.body = body;
        this.trailers = trailers;
        this.cut = cut;
    }

    /// What came back.
    record Reply(int status, HttpHeaders headers, byte[] body, long announced) {
        String text() {
            return new String(body, UTF_8);
        }

        String header(String name) {
            var value = headers.get(name);
            return value == null ? "" : value;
        }

        /// The text of the first element of this name, or empty.
        String element(String name) {
            var text = text();
            int start = text.indexOf("<" + name + ">");
            return start < 0 ? "" : text.substring(start + name.length() + 2, text.indexOf("</" + name + ">", start));
        }

        /// The texts of all elements of this name.
        List<String> elements(String name) {
            var found = new ArrayList<String>();
            var text = text();
            for (int at = text.indexOf("<" + name + ">"); at >= 0; at = text.indexOf("<" + name + ">", at + 1))
                found.add(text.substring(at + name.length() + 2, text.indexOf("</" + name + ">", at)));
            return found;
        }
    }

    Reply run() {
        try {
            face.serve(this);
        } catch (RuntimeException e) {
            fail(e);
        }
        var given = answer;
        if (given == null)
            throw new AssertionError("no answer to " + request);
        var reply = switch (given.body()) {
            case Answer.Body.Empty() -> new Reply(given.status(), given.headers(), new byte[0], 0);
            case Answer.Body.Announced(long length) -> new Reply(given.status(), given.headers(), new byte[0], length);
            case Answer.Body.Bytes(byte[] bytes) -> new Reply(given.status(), given.headers(), bytes, bytes.length);
            case Answer.Body.Stored stored -> new Reply(given.status(), given.headers(), drain(stored), stored.length());
        };
        atEnd.forEach(Runnable::run);
        if (reply.body().length != reply.announced() && !request.method().equals("HEAD"))
            throw new AssertionError(reply.announced() + " bytes were announced, " + reply.body().length + " came");
        return reply;
    }

    private static byte[] drain(Answer.Body.Stored stored) {
        var out = new ByteArrayOutputStream();
        try (var owner = stored.owner()) {
            for (var piece = stored.pieces().next(); piece != null; piece = stored.pieces().next()) {
                if (!(piece instanceof Piece.Bytes(var bytes)))
                    throw new AssertionError("the model has no files");
                var copy = new byte[bytes.remaining()];
                bytes.get(copy);
                out.writeBytes(copy);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public String requestId() {
        return "REQUEST1";
    }

    @Override
    public CompletableFuture<byte[]> body(int limitBytes) {
        return CompletableFuture.completedFuture(body);
    }

    @Override
    public void receive(BodyReceiver receiver) {
        int end = cut ? body.length / 2 : body.length;
        for (int at = 0; at < end; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, end - at);
            var piece = Unpooled.directBuffer(length).writeBytes(body, at, length);
            var composite = Unpooled.wrappedBuffer(piece.readRetainedSlice(length / 2), piece); // as decoders hand them over
            receiver.piece(composite);
            composite.release();
        }
        if (cut)
            receiver.failed(new IllegalStateException("cut"));
        else
            receiver.complete(trailers);
        if (cut && answer == null)
            answer = Answer.of(400);
    }

    @Override
    public Executor worker() {
        return Runnable::run;
    }

    @Override
    public void answer(Answer given) {
        if (answer == null)
            answer = given;
    }

    @Override
    public void fail(Throwable failure) {
        if (failure instanceof RefusedException refused) {
            answer(face.refusal(request, requestId(), refused.refusal()));
        } else if (failure instanceof SignatureRefusedException refused) { // as the front door has it
            answer(face.refusal(request, requestId(),
                    new Refusal(refused.status(), refused.code(), refused.text(), refused.details())));
        } else {
            internalError = failure;
            answer(face.refusal(request, requestId(), new Refusal(500, "InternalError", "We encountered an internal error.")));
        }
    }

    @Override
    public boolean takeHeap(long bytes) {
        return true;
    }

    @Override
    public void holdHeap(long bytes) {}

    @Override
    public void onEnd(Runnable action) {
        atEnd.add(action);
    }

    static HttpHeaders noHeaders() {
        return new DefaultHttpHeaders();
    }
}
