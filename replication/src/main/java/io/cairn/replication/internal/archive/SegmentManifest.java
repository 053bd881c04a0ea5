package io.cairn.replication.internal.archive;

import java.util.ArrayList;
import java.util.List;

/// One archived run of a log file's bytes, version 1: put last, so that where it is, the bytes and all extent files that their entries name
/// are there too. Segments of a timeline are numbered from 1 and follow one another without a gap.
///
///     offset  bytes  field
///          0     12  magic "CAIRNSEG", version 1 ([Checked])
///         12      8  timeline
///         20      8  sequence
///         28      8  file: number of the log file
///         36      4  from: first byte; 0 is the file's head
///         40      4  to: behind the last byte, where a record ends
///         44      8  first index: of the next entry behind `from`
///         52      8  last index: of the last entry before `to`; first index - 1 when there is none
///         60      8  first stamp, 0 without an entry
///         68      8  last stamp; without an entry that of the segment before
///         76         the log's bytes ([BlobRef])
///                 4  count of extent files
///                    those extent files ([BlobRef])
///                 4  crc32c
public record SegmentManifest(long timeline, long sequence, long file, int from, int to, long firstIndex, long lastIndex,
        long firstStamp, long lastStamp, BlobRef log, List<BlobRef> extents) {
    static final long MAGIC = 0x4745534E52494143L; // "CAIRNSEG"
    static final int VERSION = 1;

    public SegmentManifest {
        extents = List.copyOf(extents);
    }

    public byte[] encode() {
        int body = 64 + log.encodedBytes() + 4 + extents.stream().mapToInt(BlobRef::encodedBytes).sum();
        var out = Checked.begin(MAGIC, VERSION, body).putLong(timeline).putLong(sequence).putLong(file).putInt(from).putInt(to)
                .putLong(firstIndex).putLong(lastIndex).putLong(firstStamp).putLong(lastStamp);
        log.encode(out);
        out.putInt(extents.size());
        extents.forEach(extent -> extent.encode(out));
        return Checked.seal(out);
    }

    static SegmentManifest decode(byte[] bytes) {
        return Checked.read(bytes, MAGIC, VERSION, in -> {
            long timeline = in.getLong();
            long sequence = in.getLong();
            long file = in.getLong();
            int from = in.getInt();
            int to = in.getInt();
            long firstIndex = in.getLong();
            long lastIndex = in.getLong();
            long firstStamp = in.getLong();
            long lastStamp = in.getLong();
            var log = BlobRef.decode(in);
            var extents = new ArrayList<BlobRef>();
            for (int count = in.getInt(); count > 0; count--)
                extents.add(BlobRef.decode(in));
            return new SegmentManifest(timeline, sequence, file, from, to, firstIndex, lastIndex, firstStamp, lastStamp, log,
                    extents);
        });
    }
}
