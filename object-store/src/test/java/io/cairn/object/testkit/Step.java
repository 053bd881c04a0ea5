package io.cairn.object.testkit;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One step of a history. Indexes are taken modulo what is there, so that every step means something in every history.
sealed interface Step {
    /// Few keys, so that histories collide; among them pairs that a wrong order, a wrong escape or a wrong delimiter would confuse.
    List<String> KEYS = List.of("a", "a/", "a/1", "a/2", "a/b/3", "a0", "a\u0000", "a\u0000b", "b/1", "\u00e4", "\uffe0",
            "\ud83d\ude00");
    List<String> PREFIXES = List.of("", "", "a", "a/", "a\u0000", "b", "\ud83d\ude00", "none");
    List<String> DELIMITERS = List.of("", "/", "/", "b", "\u0000");

    /// Bytes that follow from a size and a seed.
    record Content(int size, int seed) {
        byte[] bytes() {
            var bytes = new byte[size];
            new SplittableRandom(seed).nextBytes(bytes);
            return bytes;
        }
    }

    /// What is wrong with what the sender says of its bytes.
    enum Fault {
        NONE, LENGTH, MD5, CHECKSUM, ALL_SAID
    }

    enum Condition {
        ALWAYS, IF_ABSENT, IF_MATCH, IF_MATCH_WRONG
    }

    /// How the parts named at completion differ from all that are there.
    enum Naming {
        ALL, ALL_WITH_CHECKSUMS, FIRST_ONLY, LAST_ONLY, WRONG_ETAG, MISSING, REVERSED, WRONG_CHECKSUM
    }

    record Put(String key, Content content, @Nullable ChecksumAlgorithm algorithm, Fault fault, Condition condition,
            int pieceBytes,
            String metadata) implements Step {}

    /// Writes and never commits.
    record Abandon(String key, Content content) implements Step {}

    record Delete(String key) implements Step {}

    record DeleteAll(List<String> keys) implements Step {}

    /// Reads a run given in thousandths of the object, through pieces and through a stream.
    record Read(String key, int from, int to) implements Step {}

    /// All pages of a listing.
    record ListKeys(String prefix, String delimiter, int max) implements Step {}

    record Begin(String key, @Nullable ChecksumAlgorithm algorithm, ChecksumType type) implements Step {}

    record PutPart(int upload, int number, Content content, Fault fault) implements Step {}

    record Complete(int upload, Naming naming, Condition condition) implements Step {}

    record CompleteAgain(int upload) implements Step {}

    record Abort(int upload) implements Step {}

    record ListUploads(String prefix, String delimiter, int max) implements Step {}

    /// Tries to delete the bucket; one that is gone is made again.
    record DropBucket() implements Step {}

    /// Closes and opens again.
    record Reopen() implements Step {}

    /// Starts to put and crashes before it is known whether it is done.
    record CrashInPut(String key, Content content) implements Step {}

    record CrashInDelete(List<String> keys) implements Step {}

    record CrashInComplete(int upload) implements Step {}
}
