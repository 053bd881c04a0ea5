package io.cairn.object;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// What one writer does in one round: the same operations, on the same keys and with the same bytes, in the process that is killed and
/// in the one that checks. A writer does one after the other, so at a kill all but its last are known to have ended.
///
/// Contents end with their CRC32C where they have room for it, so that a torn one tells by itself.
final class KillPlan {
    static final int WRITERS = 8;
    static final long MIN_PART_BYTES = 1000;
    private static final int KEYS = 12;
    private static final int MAX_BYTES = 600 << 10;
    private static final int MAX_VERSION_BYTES = 30 << 10;
    static final int KEPT_VERSIONS = 5;
    /// Around the places where bytes move from the row to the log, from there to a file, and where a block of an extent ends.
    private static final int[] EDGES = {1, 1024, 1025, 64 << 10, 256 << 10, (256 << 10) + 1, MAX_BYTES};
    private final SplittableRandom random;
    private final int writer;
    private long version;

    /// Versions of a later round are greater than all of an earlier one.
    KillPlan(long seed, int round, int writer) {
        this.random = new SplittableRandom(seed * 1_000_003 + round * 1009L + writer);
        this.writer = writer;
        this.version = round * 1_000_000L;
    }

    sealed interface Operation {
        record Put(String key, Content content) implements Operation {}
        record Delete(List<String> keys) implements Operation {}
        record Multipart(String key, List<Content> parts) implements Operation {}
        /// Of the newest version of one key of this writer to another; of nothing when there is none.
        record Copy(String from, String to) implements Operation {}
        /// One more version of this writer's one key with versions; all but the newest few are removed for ever.
        record Version(Content content) implements Operation {}
    }

    /// Bytes that follow from who wrote them as what.
    record Content(int writer, long version, int part, int length) {
        byte[] bytes() {
            var bytes = new byte[length];
            new SplittableRandom(writer * 31L + version * 1_000_003 + part * 7919L).nextBytes(bytes);
            if (length > Integer.BYTES) {
                var crc = new CRC32C();
                crc.update(bytes, 0, length - Integer.BYTES);
                ByteBuffer.wrap(bytes).putInt(length - Integer.BYTES, (int) crc.getValue());
            }
            return bytes;
        }
    }

    Operation next() {
        version++;
        int kind = random.nextInt(14);
        if (kind >= 12)
            return new Operation.Copy(key(), key());
        if (kind >= 10)
            return new Operation.Version(content(0, random.nextInt(1, MAX_VERSION_BYTES)));
        if (kind < 6)
            return new Operation.Put(key(), content(0, size()));
        if (kind < 8) {
            var keys = new ArrayList<String>();
            for (int i = random.nextInt(1, 4); i > 0; i--)
                keys.add(key());
            return new Operation.Delete(keys.stream().distinct().toList());
        }
        var parts = new ArrayList<Content>();
        int count = random.nextInt(1, 4);
        for (int number = 1; number <= count; number++)
            parts.add(content(number, Math.max(size(), number < count ? (int) MIN_PART_BYTES : 1)));
        return new Operation.Multipart(key(), parts);
    }

    private Content content(int part, int length) {
        return new Content(writer, version, part, length);
    }

    private String key() {
        return "writer-" + writer + "/" + random.nextInt(KEYS);
    }

    private int size() {
        return switch (random.nextInt(10)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1, 2, 3 -> random.nextInt(1, 1025);
            case 4, 5, 6 -> random.nextInt(1025, 32 << 10);
            case 7 -> random.nextInt(32 << 10, 256 << 10);
            default -> random.nextInt(256 << 10, MAX_BYTES);
        };
    }
}
