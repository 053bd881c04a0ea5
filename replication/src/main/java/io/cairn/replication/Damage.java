package io.cairn.replication;

import org.jspecify.annotations.Nullable;

/// Bytes on the disk that are not what was written, or rows that contradict one another.
///
/// @param file within the group's directory, as `log/0000000000100000.log`; empty for a contradiction between rows
/// @param offset of the first byte that is known to be wrong, or of the record that it lies in; -1 where there is none
/// @param what is wrong
/// @param hits what lies on it, as the engine names it; null when that is not known, or nothing alive
public record Damage(String file, long offset, String what, @Nullable String hits) {
    public String text() {
        var place = file.isEmpty() ? "" : offset < 0 ? file + ": " : file + " at byte " + offset + ": ";
        return place + what + (hits == null ? "" : "; hits " + hits);
    }
}
