package io.cairn.kv;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One change of one item.
///
/// @param at when it was ordered
/// @param expired whether the item was removed because it had expired
/// @param before as the stream's view has it: null when there was none or the view leaves it out
/// @param after likewise
public record StreamRecord(Sequence sequence, Change change, Instant at, boolean expired, Item keys, @Nullable Item before,
        @Nullable Item after) {
    public enum Change {
        INSERT, MODIFY, REMOVE
    }

    /// A place in a stream. Later changes of an item have larger ones.
    ///
    /// @param stamp of the batch: microseconds since 1970, about
    /// @param ordinal within the batch
    public record Sequence(long stamp, int ordinal) implements Comparable<Sequence> {
        public static final Sequence FIRST = new Sequence(0, 0);
        private static final int ORDINAL_DIGITS = 5;
        private static final int MAX_DIGITS = 40;

        /// As the API writes it: 21 digits.
        @Override
        public String toString() {
            return "%016d%05d".formatted(stamp, ordinal);
        }

        /// `IllegalArgumentException` when it is none.
        public static Sequence parse(String text) {
            if (text.length() <= ORDINAL_DIGITS || text.length() > MAX_DIGITS)
                throw new IllegalArgumentException("no sequence number: " + text);
            int cut = text.length() - ORDINAL_DIGITS;
            return new Sequence(Long.parseUnsignedLong(text.substring(0, cut)), Integer.parseInt(text.substring(cut)));
        }

        /// The place right behind.
        public Sequence next() {
            return new Sequence(stamp, ordinal + 1);
        }

        @Override
        public int compareTo(Sequence other) {
            return stamp != other.stamp ? Long.compareUnsigned(stamp, other.stamp) : Integer.compare(ordinal, other.ordinal);
        }
    }
}
