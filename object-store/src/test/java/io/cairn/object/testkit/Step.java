package io.cairn.object.testkit;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.Versioning;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One step of a history. Indexes are taken modulo what is there, so that every step means something in every history.
public sealed interface Step {
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
        ALWAYS, IF_ABSENT, IF_MATCH, IF_MATCH_ANY, IF_MATCH_WRONG
    }

    /// How the parts named at completion differ from all that are there.
    enum Naming {
        ALL, ALL_WITH_CHECKSUMS, FIRST_ONLY, LAST_ONLY, WRONG_ETAG, MISSING, REVERSED, WRONG_CHECKSUM
    }

    /// Which version of a key is meant.
    enum Which {
        /// The newest, by no id.
        NEWEST,
        /// One that is there, by its id.
        THERE,
        /// One that was made of parts, by its id.
        PARTS,
        /// A delete marker, by its id.
        MARKER,
        /// One that was deleted for ever.
        GONE,
        /// The id of another key's version.
        FOREIGN,
        /// A text that is no id.
        MALFORMED
    }

    /// A version of a key: `key` itself when `pick` is odd or there is nothing to pick from, else the `pick`th of what there is.
    record Place(String key, Which which, int pick) {}

    /// What checksum a copy asks for.
    enum Wish {
        NONE, SAME, OTHER
    }

    record Put(String key, Content content, @Nullable ChecksumAlgorithm algorithm, Fault fault, Condition condition,
            int pieceBytes,
            String metadata) implements Step {}

    /// Writes and never commits.
    record Abandon(String key, Content content) implements Step {}

    record Delete(Place place, Condition condition) implements Step {}

    record DeleteAll(List<Delete> deletions) implements Step {}

    /// Reads a run given in thousandths of the object, through pieces and through a stream.
    record Read(Place place, int from, int to) implements Step {}

    /// All pages of a listing.
    record ListKeys(String prefix, String delimiter, int max) implements Step {}

    /// All pages of a listing of versions; or, given a place, those that follow it.
    record ListVersions(String prefix, String delimiter, int max, @Nullable Place from) implements Step {}

    /// From here on steps mean that bucket; copies come from any.
    record Turn(int bucket) implements Step {}

    record SetVersioning(Versioning versioning) implements Step {}

    /// @param bytes of the document; -1 for none
    record SetSetting(int name, int bytes) implements Step {}

    record SetTags(Place place, String tags) implements Step {}

    /// @param sourceBucket how many buckets further on from the one whose turn it is
    record Copy(int sourceBucket, Place source, String key, Wish wish, Condition condition, String metadata) implements Step {}

    record Rename(String source, String target, Condition ofSource, Condition ofTarget) implements Step {}

    /// Copies a run given in thousandths of the source.
    record CopyPart(int upload, int number, int sourceBucket, Place source, int from, int to) implements Step {}

    record Begin(String key, @Nullable ChecksumAlgorithm algorithm, ChecksumType type) implements Step {}

    /// A whole multipart upload of two parts.
    record PutInParts(String key, @Nullable ChecksumAlgorithm algorithm, ChecksumType type, Content first, Content second)
            implements
                Step {}

    record PutPart(int upload, int number, Content content, Fault fault) implements Step {}

    record Complete(int upload, Naming naming, Condition condition) implements Step {}

    record CompleteAgain(int upload) implements Step {}

    record Abort(int upload) implements Step {}

    record ListUploads(String prefix, String delimiter, int max) implements Step {}

    /// Tries to delete the bucket; one that is gone is made again.
    record DropBucket() implements Step {}

    /// Closes and opens again.
    record Reopen() implements Step {}

    /// Begins something and crashes before it is known whether it is done.
    sealed interface Crash extends Step {}

    record CrashInPut(String key, Content content) implements Crash {}

    record CrashInDelete(List<Delete> deletions) implements Crash {}

    record CrashInComplete(int upload) implements Crash {}

    record CrashInCopy(Copy copy) implements Crash {}

    record CrashInSetTags(SetTags tags) implements Crash {}

    record CrashInRename(String source, String target) implements Crash {}
}
