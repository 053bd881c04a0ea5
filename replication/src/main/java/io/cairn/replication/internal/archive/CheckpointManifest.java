package io.cairn.replication.internal.archive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A base checkpoint, version 1: all files of a group's directory but the log from `file` on, which segments have. Put last, when all that
/// it names is there, and segments up to `index`.
///
///     offset  bytes  field
///          0     12  magic "CAIRNCKP", version 1 ([Checked])
///         12      8  timeline
///         20      8  sequence: checkpoints of a timeline are numbered from 1
///         28      8  index: the last entry in it
///         36      8  stamp of that entry
///         44      8  file: the log file in which a replay begins
///         52      8  offset: where in it
///         60      4  count of files
///                    for each: 2 bytes length of the path and the path, ASCII; 4 bytes count of pieces; the pieces in order ([BlobRef])
///                 4  crc32c
public record CheckpointManifest(long timeline, long sequence, long index, long stamp, long file, long offset,
        List<Entry> files) {
    static final long MAGIC = 0x504B434E52494143L; // "CAIRNCKP"
    static final int VERSION = 1;

    /// A file of the checkpoint.
    ///
    /// @param path `db/NAME`, `log/NAME` or `extents/NAME`
    /// @param pieces whose bytes one after the other are the file
    public record Entry(String path, List<BlobRef> pieces) {
        public Entry {
            pieces = List.copyOf(pieces);
        }

        int encodedBytes() {
            return 2 + path.length() + 4 + pieces.stream().mapToInt(BlobRef::encodedBytes).sum();
        }
    }

    public CheckpointManifest {
        files = List.copyOf(files);
    }

    public byte[] encode() {
        var out = Checked.begin(MAGIC, VERSION, 52 + files.stream().mapToInt(Entry::encodedBytes).sum()).putLong(timeline)
                .putLong(sequence).putLong(index).putLong(stamp).putLong(file).putLong(offset).putInt(files.size());
        for (var entry : files) {
            out.putShort((short) entry.path.length()).put(entry.path.getBytes(StandardCharsets.US_ASCII));
            out.putInt(entry.pieces.size());
            entry.pieces.forEach(piece -> piece.encode(out));
        }
        return Checked.seal(out);
    }

    static CheckpointManifest decode(byte[] bytes) {
        return Checked.read(bytes, MAGIC, VERSION, in -> {
            long timeline = in.getLong();
            long sequence = in.getLong();
            long index = in.getLong();
            long stamp = in.getLong();
            long file = in.getLong();
            long offset = in.getLong();
            var files = new ArrayList<Entry>();
            for (int count = in.getInt(); count > 0; count--) {
                var path = BlobRef.text(in);
                var pieces = new ArrayList<BlobRef>();
                for (int more = in.getInt(); more > 0; more--)
                    pieces.add(BlobRef.decode(in));
                files.add(new Entry(path, pieces));
            }
            return new CheckpointManifest(timeline, sequence, index, stamp, file, offset, files);
        });
    }
}
