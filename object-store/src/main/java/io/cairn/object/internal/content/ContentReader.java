package io.cairn.object.internal.content;

import io.cairn.object.CorruptObjectException;
import io.cairn.object.ObjectInfo;
import io.cairn.object.Part;
import io.cairn.object.StoredObject;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.PartRow;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.ExtentContent;
import io.cairn.replication.Pin;
import io.cairn.replication.ReplicatedLog;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An object open for reading. A pin keeps its extents; each extent's file is opened when its bytes are asked for.
public final class ContentReader implements StoredObject {
    /// Large enough to make a call for each cheap, small enough that checking one does not delay the first byte.
    private static final int PIECE_BYTES = 1 << 20;

    /// A stretch of the object: one content that is not made of parts.
    ///
    /// @param row of the part of a multipart object, else null
    public record Stretch(long offset, long length, Content content, @Nullable PartRow row) {}

    /// Which row of which store was opened.
    ///
    /// @param small where the bytes of small contents stay for the next reader
    /// @param key in the space of newest versions
    public record Origin(ReplicatedLog log, SmallContents small, byte[] key, ObjectRow row) {}

    private final String bucket;
    private final ObjectInfo info;
    private final Origin origin;
    private final Pin pin;
    private final List<Stretch> stretches;
    private final ArrayList<ExtentContent> open = new ArrayList<>(1);
    private boolean closed;

    public ContentReader(String bucket, ObjectInfo info, Origin origin, Pin pin, List<Stretch> stretches) {
        this.bucket = bucket;
        this.info = info;
        this.origin = origin;
        this.pin = pin;
        this.stretches = stretches;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    public Origin origin() {
        return origin;
    }

    @Override
    public List<Part> parts(int afterNumber, int max) {
        var parts = new ArrayList<Part>();
        for (int number = Math.max(afterNumber, 0) + 1; number <= info.partCount() && parts.size() < max; number++) {
            var row = stretches.get(number - 1).row;
            if (row != null)
                parts.add(row.part(number));
        }
        return parts;
    }

    @Override
    public @Nullable Run part(int number) {
        if (number < 1 || number > stretches.size())
            return null;
        var stretch = stretches.get(number - 1);
        return new Run(stretch.offset, stretch.length);
    }

    @Override
    public Pieces pieces(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, info.sizeBytes());
        return new Walk(offset, length, true);
    }

    @Override
    public InputStream stream(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, info.sizeBytes());
        return new PieceStream(new Walk(offset, length, false));
    }

    @Override
    public byte[] readAllBytes() {
        var bytes = new byte[Math.toIntExact(info.sizeBytes())];
        new Walk(0, bytes.length, false).read(ByteBuffer.wrap(bytes));
        return bytes;
    }

    @Override
    public synchronized void close() {
        if (closed)
            return;
        closed = true;
        open.forEach(ExtentContent::close);
        pin.close();
    }

    /// Walks over stretches and extents in order. Holds one extent open at a time.
    private final class Walk implements Pieces {
        private final boolean files;
        private long offset;
        private long rest;
        private int stretch;
        private @Nullable ExtentContent current;

        Walk(long offset, long length, boolean files) {
            this.offset = offset;
            this.rest = length;
            this.files = files;
        }

        ByteBuffer bytes(Piece piece) {
            return switch (piece) {
                case Piece.Bytes(var bytes) -> bytes;
                case Piece.FileRange _ -> throw new IllegalStateException("this walk reads through memory");
            };
        }

        @Override
        public @Nullable Piece next() {
            if (rest == 0)
                return null;
            var here = here();
            long within = offset - here.offset;
            var piece = switch (here.content) {
                case Content.Inline(var bytes) -> inline(bytes, (int) within, (int) Math.min(rest, bytes.length - within));
                case Content.Extents(var extents) -> fromExtents(extents, within);
                case Content.Parts _ -> throw new IllegalStateException("a stretch is not made of parts");
            };
            advance(piece.length());
            return piece;
        }

        private Stretch here() {
            while (offset >= stretches.get(stretch).offset + stretches.get(stretch).length)
                stretch++;
            return stretches.get(stretch);
        }

        private void advance(long count) {
            offset += count;
            rest -= count;
        }

        /// Reads all that is left into a buffer that has room for it.
        void read(ByteBuffer into) {
            while (rest > 0) {
                var here = here();
                long within = offset - here.offset;
                int before = into.position();
                switch (here.content) {
                    case Content.Inline(var bytes) ->
                        into.put(bytes, (int) within, (int) Math.min(rest, bytes.length - within));
                    case Content.Extents(var extents) -> read(extents, within, into);
                    case Content.Parts _ -> throw new IllegalStateException("a stretch is not made of parts");
                }
                advance(into.position() - before);
            }
        }

        private void read(List<Extent> extents, long within, ByteBuffer into) {
            var extent = extents.get((int) (within / Extent.MAX_BYTES));
            int from = (int) (within % Extent.MAX_BYTES);
            int length = (int) Math.min(rest, extent.length() - from);
            try {
                if (isSmall(extent))
                    into.put(small(extent), from, length);
                else {
                    opened(extent).read(from, into.slice(into.position(), length));
                    into.position(into.position() + length);
                }
            } catch (CorruptLogException e) {
                throw corrupt(e);
            }
        }

        private boolean isSmall(Extent extent) {
            return extent.length() <= SmallContents.MAX_CONTENT_BYTES;
        }

        private CorruptObjectException corrupt(CorruptLogException e) {
            return new CorruptObjectException(bucket, info.key(), String.valueOf(e.getMessage()));
        }

        private Piece inline(byte[] bytes, int from, int length) {
            return new Piece.Bytes(ByteBuffer.wrap(bytes, from, length).slice().asReadOnlyBuffer());
        }

        private byte[] small(Extent extent) {
            var bytes = origin.small.read(origin.log, extent);
            if (bytes == null)
                throw missing(extent);
            return bytes;
        }

        private CorruptObjectException missing(Extent extent) {
            return new CorruptObjectException(bucket, info.key(), "its extent file %x is missing".formatted(extent.file()));
        }

        private Piece fromExtents(List<Extent> extents, long within) {
            // All but the last extent of a content are full.
            var extent = extents.get((int) (within / Extent.MAX_BYTES));
            int from = (int) (within % Extent.MAX_BYTES);
            int length = (int) Math.min(Math.min(rest, extent.length() - from), PIECE_BYTES);
            try {
                if (isSmall(extent))
                    return inline(small(extent), from, length);
                var content = opened(extent);
                var file = files ? content.verified(from, length) : null;
                return file != null
                        ? new Piece.FileRange(file, (long) extent.offset() + from, length)
                        : new Piece.Bytes(content.read(from, length).asReadOnlyBuffer());
            } catch (CorruptLogException e) {
                throw corrupt(e);
            }
        }

        private ExtentContent opened(Extent extent) {
            var content = current;
            if (content != null && content.extent().equals(extent))
                return content;
            content = origin.log.open(extent);
            if (content == null)
                throw missing(extent);
            keep(content, current);
            current = content;
            return content;
        }
    }

    /// Remembers what is open, so that closing the object closes it; the extent before is done with.
    private synchronized void keep(ExtentContent content, @Nullable ExtentContent done) {
        if (closed) {
            content.close();
            throw new IllegalStateException("this object was closed");
        }
        if (done != null) {
            open.remove(done);
            done.close();
        }
        open.add(content);
    }

    private static final class PieceStream extends InputStream {
        private final Walk walk;
        private ByteBuffer piece = ByteBuffer.allocate(0);

        PieceStream(Walk walk) {
            this.walk = walk;
        }

        @Override
        public int read() {
            return fill() ? piece.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0)
                return 0;
            if (!fill())
                return -1;
            int count = Math.min(length, piece.remaining());
            piece.get(into, offset, count);
            return count;
        }

        @Override
        public int available() {
            return piece.remaining();
        }

        private boolean fill() {
            while (!piece.hasRemaining()) {
                var next = walk.next();
                if (next == null)
                    return false;
                piece = walk.bytes(next);
            }
            return true;
        }
    }
}
