package io.cairn.server.http;

import io.cairn.object.StoredObject.Piece;
import io.cairn.object.StoredObject.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A face that does by its path what a test wants.
final class EchoFace implements Face {
    final AtomicInteger served = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();
    final AtomicInteger completed = new AtomicInteger();
    final AtomicInteger closedObjects = new AtomicInteger();
    final AtomicInteger fetches = new AtomicInteger();
    final List<String> failures = new CopyOnWriteArrayList<>();
    /// `/hold` answers, and `/take` takes each piece, when there is a permit.
    final Semaphore permits = new Semaphore(0);
    @Nullable
    Path file;

    @Override
    public String service() {
        return "s3";
    }

    @Override
    public void serve(Exchange exchange) {
        served.incrementAndGet();
        exchange.onEnd(ended::incrementAndGet);
        var path = exchange.request().rawPath();
        switch (path.substring(path.lastIndexOf('/'))) {
            case "/hello" -> exchange.answer(text("hello " + exchange.request().rawQuery()));
            case "/who" -> exchange.answer(text(exchange.principal().accessKey() + " " + exchange.request().secure()));
            case "/echo" -> {
                var _ = exchange.body(1 << 20).whenComplete((bytes, failure) -> {
                    if (failure != null)
                        exchange.fail(failure);
                    else
                        exchange.answer(Answer.of(200, "application/octet-stream", bytes));
                });
            }
            case "/digest" -> exchange.receive(new DigestReceiver(exchange, false));
            case "/take" -> exchange.receive(new DigestReceiver(exchange, true));
            case "/ignore" -> exchange.answer(text("ignored"));
            case "/hold" -> exchange.worker().execute(() -> {
                permits.acquireUninterruptibly();
                exchange.answer(text("held"));
            });
            case "/refuse" -> throw new RefusedException(403, "AccessDenied", "no");
            case "/throw" -> throw new IllegalStateException("a bug, made for a test");
            case "/announced" -> exchange.answer(new Answer(200, Answer.of(200).headers(), new Answer.Body.Announced(12345)));
            case "/stored" -> exchange.worker().execute(() -> exchange.answer(stored(exchange.request().rawQuery())));
            case "/stored-inline" -> exchange.answer(stored(exchange.request().rawQuery()));
            default -> throw new RefusedException(404, "NoSuchKey", path);
        }
    }

    private static Answer text(String text) {
        return Answer.of(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    /// `KIND:BYTES`, with kind `memory`, `file`, `short` (gives less than it says) or `broken` (fails at once).
    private Answer stored(String query) {
        var kind = query.substring(0, query.indexOf(':'));
        long length = Long.parseLong(query.substring(query.indexOf(':') + 1));
        FileChannel channel = null;
        try {
            if (file != null)
                channel = FileChannel.open(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        var opened = channel;
        return new Answer(200, Answer.of(200).headers(),
                new Answer.Body.Stored(new TestPieces(kind, length, opened), length, () -> {
                    closedObjects.incrementAndGet();
                    if (opened != null)
                        opened.close();
                }));
    }

    /// Byte `i` of a stored object made for a test.
    static byte byteAt(long i) {
        return (byte) ((i * 31) >>> 3);
    }

    private final class TestPieces implements Pieces {
        private static final int PIECE_BYTES = 300_000;
        private final String kind;
        private final long length;
        private final @Nullable FileChannel channel;
        private long given;

        TestPieces(String kind, long length, @Nullable FileChannel channel) {
            this.kind = kind;
            this.length = length;
            this.channel = channel;
        }

        @Override
        public @Nullable Piece next() {
            fetches.incrementAndGet();
            if (kind.equals("broken"))
                throw new IllegalStateException("a broken object, made for a test");
            if (given == length || (kind.equals("short") && given > 0))
                return null;
            int piece = (int) Math.min(PIECE_BYTES, length - given);
            long from = given;
            given += piece;
            if (kind.equals("file") && channel != null)
                return new Piece.FileRange(channel, from, piece);
            var bytes = new byte[piece];
            for (int i = 0; i < piece; i++)
                bytes[i] = byteAt(from + i);
            return new Piece.Bytes(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        }
    }

    private final class DigestReceiver implements BodyReceiver {
        private final Exchange exchange;
        private final boolean waits;
        private final MessageDigest digest;
        private long length;

        DigestReceiver(Exchange exchange, boolean waits) {
            this.exchange = exchange;
            this.waits = waits;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void piece(ByteBuf piece) {
            if (waits)
                permits.acquireUninterruptibly();
            length += piece.readableBytes();
            for (var part : piece.nioBuffers())
                digest.update(part);
        }

        @Override
        public void complete(HttpHeaders trailers) {
            completed.incrementAndGet();
            exchange.answer(text(
                    length + " " + HexFormat.of().formatHex(digest.digest()) + " " + trailers.get("x-amz-checksum-crc32", "-")));
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause instanceof RefusedException e ? e.refusal().code() : cause.toString());
        }
    }

    @Override
    public Answer refusal(Request request, String requestId, Refusal refusal) {
        return Answer.of(refusal.status(), "text/plain",
                (refusal.code() + ": " + refusal.message()).getBytes(StandardCharsets.UTF_8));
    }
}
