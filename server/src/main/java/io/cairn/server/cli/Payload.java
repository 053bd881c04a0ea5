package io.cairn.server.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// The body of a request. It is read twice, for its hash and to be sent, and again when a request is repeated; it is never held in
/// memory by this class.
sealed interface Payload {
    record Bytes(byte[] bytes, int count) implements Payload {}
    record FileRange(Path file, long offset, long count) implements Payload {}

    static Payload none() {
        return new Bytes(new byte[0], 0);
    }

    default long length() {
        return switch (this) {
            case Bytes bytes -> bytes.count();
            case FileRange range -> range.count();
        };
    }

    private InputStream open() throws IOException {
        return switch (this) {
            case Bytes(var bytes, var count) -> new ByteArrayInputStream(bytes, 0, count);
            case FileRange(var file, var offset, var count) ->
                new Limited(
                        new BufferedInputStream(Channels.newInputStream(Files.newByteChannel(file).position(offset)), 1 << 16),
                        count);
        };
    }

    /// In hexadecimal. A file that is changed before it is sent then fails to verify, and nothing is stored.
    default String sha256() throws IOException {
        var digest = RequestSigner.digest("SHA-256");
        var buffer = new byte[1 << 16];
        try (var in = open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer))
                digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// @param sent told the count of bytes each time some were taken to be sent
    default BodyPublisher publisher(LongConsumer sent) {
        if (length() == 0)
            return BodyPublishers.noBody();
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> {
            try {
                return new Counted(open(), sent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }), length());
    }

    /// Ends after a given count of bytes.
    final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long count) {
            super(in);
            this.left = count;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0)
                return -1;
            int got = in.read(bytes, offset, (int) Math.min(count, left));
            left -= Math.max(got, 0);
            return got;
        }
    }

    /// Tells how much was read.
    final class Counted extends FilterInputStream {
        private final LongConsumer read;

        Counted(InputStream in, LongConsumer read) {
            super(in);
            this.read = read;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int got = in.read(bytes, offset, count);
            if (got > 0)
                read.accept(got);
            return got;
        }
    }
}
