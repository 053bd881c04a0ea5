package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Where a body ends on the wire (RFC 9112 section 6). One per request; event loop only.
abstract class Framing {
    /// The next bytes of the body that stand in `in`, retained for the caller; null when more input is needed or [#done].
    ///
    /// @throws RefusedException when this is no such body; the connection cannot go on
    abstract @Nullable ByteBuf next(ByteBuf in);

    abstract boolean done();

    /// Bytes still to come; [Long#MAX_VALUE] when not known.
    abstract long left();

    static Framing of(Head head) {
        return head.bodyBytes() == Head.CHUNKED ? new Chunked() : new Fixed(head.bodyBytes());
    }

    private static final class Fixed extends Framing {
        private long left;

        Fixed(long bytes) {
            left = bytes;
        }

        @Override
        @Nullable
        ByteBuf next(ByteBuf in) {
            int length = (int) Math.min(left, in.readableBytes());
            left -= length;
            return length == 0 ? null : in.readRetainedSlice(length);
        }

        @Override
        boolean done() {
            return left == 0;
        }

        @Override
        long left() {
            return left;
        }
    }

    /// `size in hex [; extensions] CRLF data CRLF ... 0 CRLF [trailer lines] CRLF`, RFC 9112 section 7.1. Extensions and trailers are
    /// skipped; a size line may have 256 bytes, the trailers together 8 KiB.
    private static final class Chunked extends Framing {
        private enum State {
            SIZE, EXTENSION, SIZE_END, DATA, DATA_CR, DATA_LF, TRAILER, DONE
        }

        private static final int MAX_LINE_BYTES = 256;
        private static final int MAX_TRAILER_BYTES = 8 << 10;
        private State state = State.SIZE;
        private long left;
        private int digits;
        private int lineBytes;
        private int trailerBytes;
        private byte before;

        @Override
        @Nullable
        ByteBuf next(ByteBuf in) {
            while (in.isReadable() && state != State.DONE) {
                if (state == State.DATA) {
                    int length = (int) Math.min(left, in.readableBytes());
                    left -= length;
                    if (left == 0)
                        state = State.DATA_CR;
                    return in.readRetainedSlice(length);
                }
                step(in.readByte());
            }
            return null;
        }

        private void step(byte b) {
            switch (state) {
                case SIZE -> size(b);
                case EXTENSION -> {
                    if (b == '\r')
                        state = State.SIZE_END;
                    else if (b == '\n' || ++lineBytes > MAX_LINE_BYTES)
                        throw bad("a chunk's size line that does not end");
                }
                case SIZE_END -> {
                    expect(b, '\n');
                    state = left > 0 ? State.DATA : State.TRAILER;
                    digits = 0;
                    lineBytes = 0;
                }
                case DATA_CR -> {
                    expect(b, '\r');
                    state = State.DATA_LF;
                }
                case DATA_LF -> {
                    expect(b, '\n');
                    state = State.SIZE;
                }
                case TRAILER -> trailer(b);
                case DATA, DONE -> throw new IllegalStateException(state.name());
            }
        }

        private void size(byte b) {
            int digit = Character.digit(b, 16);
            if (digit >= 0) {
                if (++digits > 15)
                    throw bad("a chunk's size of more than 15 digits");
                left = left << 4 | digit;
                return;
            }
            if (digits == 0)
                throw bad("a chunk without a size");
            if (b == '\r')
                state = State.SIZE_END;
            else if (b == ';')
                state = State.EXTENSION;
            else
                throw bad("a character in a chunk's size that is no hexadecimal digit");
        }

        private void trailer(byte b) {
            if (++trailerBytes > MAX_TRAILER_BYTES)
                throw bad("trailers of more than " + MAX_TRAILER_BYTES + " bytes");
            if (b == '\n') {
                if (before != '\r')
                    throw bad("a trailer line that ends with LF alone");
                if (lineBytes == 1)
                    state = State.DONE;
                lineBytes = 0;
            } else {
                if (before == '\r' && lineBytes > 0)
                    throw bad("CR within a trailer line");
                lineBytes++;
            }
            before = b;
        }

        @Override
        boolean done() {
            return state == State.DONE;
        }

        @Override
        long left() {
            return done() ? 0 : Long.MAX_VALUE;
        }

        private static void expect(byte actual, char expected) {
            if (actual != expected)
                throw bad("a chunk that does not end with CRLF");
        }

        private static RefusedException bad(String why) {
            return new RefusedException(400, "BadRequest", "An error occurred when parsing the HTTP request: " + why);
        }
    }
}
