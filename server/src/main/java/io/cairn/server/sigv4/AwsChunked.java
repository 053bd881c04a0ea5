package io.cairn.server.sigv4;

import static io.cairn.server.sigv4.SignatureRefusedException.incompleteBody;
import static io.cairn.server.sigv4.SignatureRefusedException.malformedChunk;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Decodes an aws-chunked body, in whatever pieces it comes:
///
///     size in hex [;chunk-signature=64 hex] CRLF  data CRLF     any number of times
///     0 [;chunk-signature=64 hex] CRLF
///     name:value CRLF ...                                       only when trailers were announced
///     [x-amz-trailer-signature:64 hex CRLF]                     only when chunks are signed
///     CRLF
///
/// Bounds: a size line has at most [#MAX_LINE_BYTES], the trailers together [Trailers#MAX_BYTES]; the sizes together are the announced
/// length, so a chunk is as large as what is left. Signed chunks but the last have at least [#MIN_SIGNED_CHUNK_BYTES], as S3 asks.
/// A chunk's signature is checked at its end, before the next is begun.
final class AwsChunked implements Payload {
    static final int MAX_LINE_BYTES = 256;
    static final int MIN_SIGNED_CHUNK_BYTES = 8192;
    private static final String EXTENSION = "chunk-signature=";

    private enum State {
        SIZE, DATA, DATA_END, TRAILERS, DONE
    }

    private final long announcedBytes;
    private final @Nullable ChunkSignatures signatures;
    private final @Nullable Trailers trailers;
    private final StringBuilder line = new StringBuilder(100);
    private State state = State.SIZE;
    private long receivedBytes;
    private long chunkIndex;
    private long chunkBytes;
    private long chunkLeft;
    private String chunkSignature = "";
    private int endBytes;

    /// @param signatures null for unsigned chunks
    /// @param announcedTrailers value of `x-amz-trailer`; null when the form has no trailers
    AwsChunked(long announcedBytes, @Nullable ChunkSignatures signatures, @Nullable String announcedTrailers) {
        this.announcedBytes = announcedBytes;
        this.signatures = signatures;
        this.trailers = announcedTrailers == null ? null : new Trailers(announcedTrailers, signatures);
    }

    @Override
    public void decode(ByteBuf in, Consumer<ByteBuf> data) {
        while (in.isReadable()) {
            switch (state) {
                case SIZE -> readSize(in);
                case DATA -> readData(in, data);
                case DATA_END -> readDataEnd(in);
                case TRAILERS -> readTrailers(in);
                case DONE -> readSurplus(in);
            }
        }
    }

    private void readSize(ByteBuf in) {
        if (!readLine(in))
            return;
        int semicolon = line.indexOf(";");
        chunkBytes = size(semicolon < 0 ? line.length() : semicolon);
        if (signatures != null) {
            if (semicolon < 0 || line.indexOf(EXTENSION, semicolon + 1) != semicolon + 1)
                throw malformedChunk("chunk " + chunkIndex + " has no chunk-signature");
            chunkSignature = line.substring(semicolon + 1 + EXTENSION.length()).strip();
        }
        line.setLength(0);
        chunkLeft = chunkBytes;
        if (chunkBytes > announcedBytes - receivedBytes)
            throw incompleteBody(announcedBytes, Long.MAX_VALUE);
        receivedBytes += chunkBytes;
        if (chunkBytes > 0 && chunkBytes < MIN_SIGNED_CHUNK_BYTES && receivedBytes < announcedBytes && signatures != null)
            throw new SignatureRefusedException(403, "InvalidChunkSizeError",
                    "Only the last chunk is allowed to have a size less than 8192 bytes",
                    Map.of("Chunk", Long.toString(chunkIndex + 1), "BadChunkSize", Long.toString(chunkBytes)));
        if (chunkBytes > 0) {
            state = State.DATA;
            return;
        }
        if (receivedBytes != announcedBytes)
            throw incompleteBody(announcedBytes, receivedBytes);
        chunkEnded();
        state = trailers == null ? State.DATA_END : State.TRAILERS;
    }

    private long size(int digits) {
        if (digits < 1 || digits > 15)
            throw malformedChunk("chunk " + chunkIndex + " begins with no size of 1 to 15 hexadecimal digits");
        long size = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(line.charAt(i), 16);
            if (digit < 0)
                throw malformedChunk("chunk " + chunkIndex + " begins with no hexadecimal size");
            size = size << 4 | digit;
        }
        return size;
    }

    private void readData(ByteBuf in, Consumer<ByteBuf> data) {
        int length = (int) Math.min(chunkLeft, in.readableBytes());
        if (signatures != null)
            signatures.update(in, in.readerIndex(), length);
        data.accept(in.readSlice(length));
        chunkLeft -= length;
        if (chunkLeft > 0)
            return;
        chunkEnded();
        state = State.DATA_END;
    }

    private void chunkEnded() {
        if (signatures != null)
            signatures.checkChunk(chunkSignature, chunkIndex);
        chunkIndex++;
    }

    /// CRLF behind the data of a chunk, and behind the size line of the last.
    private void readDataEnd(ByteBuf in) {
        if (in.readByte() != (endBytes == 0 ? '\r' : '\n'))
            throw malformedChunk("chunk " + (chunkIndex - 1) + " does not end with CRLF after " + chunkBytes + " bytes");
        if (++endBytes < 2)
            return;
        endBytes = 0;
        state = chunkBytes == 0 ? State.DONE : State.SIZE;
    }

    private void readTrailers(ByteBuf in) {
        if (trailers == null)
            throw new IllegalStateException("no trailers announced");
        if (!readLine(in))
            return;
        if (trailers.line(line))
            state = State.DONE;
        line.setLength(0);
    }

    /// Some clients end the last trailer with LF CRLF, so that one empty line more follows.
    private void readSurplus(ByteBuf in) {
        byte b = in.readByte();
        if (trailers == null || endBytes > 1 || b != (endBytes == 0 ? '\r' : '\n'))
            throw malformedChunk("bytes behind its end");
        endBytes++;
    }

    /// Collects a line up to LF, without a CR before it. False when more input is needed.
    private boolean readLine(ByteBuf in) {
        while (in.isReadable()) {
            byte b = in.readByte();
            if (b == '\n') {
                int last = line.length() - 1;
                boolean carriageReturn = last >= 0 && line.charAt(last) == '\r';
                if (!carriageReturn && state == State.SIZE)
                    throw malformedChunk("the size line of chunk " + chunkIndex + " does not end with CRLF");
                if (carriageReturn)
                    line.setLength(last);
                return true;
            }
            if (line.length() == (state == State.SIZE ? MAX_LINE_BYTES : Trailers.MAX_BYTES))
                throw malformedChunk("line of more than " + line.length() + " bytes at chunk " + chunkIndex);
            line.append((char) (b & 0xff));
        }
        return false;
    }

    @Override
    public HttpHeaders finish() {
        if (state != State.DONE || endBytes == 1)
            throw incompleteBody(announcedBytes, receivedBytes - chunkLeft);
        return trailers == null ? EmptyHttpHeaders.INSTANCE : trailers.headers();
    }
}
