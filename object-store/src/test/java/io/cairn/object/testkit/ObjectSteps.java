package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.testkit.Sides.Version;
import io.cairn.object.testkit.Step.*;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The steps that write, read, copy, tag and delete objects.
final class ObjectSteps {
    private final Sides sides;

    ObjectSteps(Sides sides) {
        this.sides = sides;
    }

    void put(Put put) {
        var bytes = put.content().bytes();
        var options = Spelled.options(put.metadata()).withChecksum(put.algorithm(), ChecksumType.FULL_OBJECT)
                .withCondition(condition(put.condition(), put.key()));
        var expected = expected(put.fault(), put.algorithm(), bytes);
        sides.same("put",
                Outcome.ofFuture(() -> write(sides.tested().upload(put.key(), options), bytes, put.pieceBytes(), expected)),
                Outcome.ofFuture(() -> write(sides.model().upload(put.key(), options), bytes, put.pieceBytes(), expected)),
                (info, modelled) -> {
                    sides.taken(info, modelled);
                    sides.coverage.count("put while " + sides.model().versioning());
                });
    }

    void abandon(Abandon abandon) {
        try (var upload = sides.tested().upload(abandon.key(), PutOptions.DEFAULT)) {
            upload.write(ByteBuffer.wrap(abandon.content().bytes()));
        }
        sides.coverage.count("abandon");
    }

    PutCondition condition(Step.Condition condition, String key) {
        return switch (condition) {
            case ALWAYS -> PutCondition.ALWAYS;
            case IF_ABSENT -> PutCondition.IF_ABSENT;
            case IF_MATCH -> new PutCondition.IfMatch(
                    Outcome.of(() -> sides.model().head(key)) instanceof Outcome.Value<ObjectInfo>(var info) ? info.etag() : "0");
            case IF_MATCH_ANY -> new PutCondition.IfMatch("*");
            case IF_MATCH_WRONG -> new PutCondition.IfMatch("0");
        };
    }

    static Expected expected(Fault fault, @Nullable ChecksumAlgorithm algorithm, byte[] bytes) {
        var md5 = ModelDigests.md5(bytes);
        var checksum = algorithm == null ? null : ModelDigests.of(algorithm, bytes);
        return switch (fault) {
            case NONE -> Expected.NOTHING;
            case ALL_SAID -> new Expected(bytes.length, md5, checksum);
            case LENGTH -> new Expected(bytes.length + 1, null, null);
            case MD5 -> new Expected(-1, flipped(md5), null);
            case CHECKSUM -> new Expected(-1, null, checksum == null ? null : flipped(checksum));
        };
    }

    static byte[] flipped(byte[] value) {
        var copy = value.clone();
        copy[copy.length - 1] ^= 1;
        return copy;
    }

    static <T> CompletableFuture<T> write(Upload<T> upload, byte[] bytes, int pieceBytes, Expected expected) {
        try (upload) {
            var buffer = new byte[Math.min(pieceBytes, Math.max(bytes.length, 1))];
            for (int at = 0; at < bytes.length; at += buffer.length) {
                int length = Math.min(buffer.length, bytes.length - at);
                System.arraycopy(bytes, at, buffer, 0, length);
                upload.write(ByteBuffer.wrap(buffer, 0, length));
                Arrays.fill(buffer, (byte) 0x55); // the caller may reuse it at once
            }
            return upload.commit(expected);
        }
    }

    // ---- reading ----

    void read(Read read) {
        var version = sides.version(sides.turn, read.place());
        var what = version.modelled().isEmpty() ? "read" : "read of a version";
        sides.sameRead(what, Outcome.of(() -> run(sides.tested(), version.key(), version.tested(), read)),
                Outcome.of(() -> run(sides.model(), version.key(), version.modelled(), read)));
        if (version.modelled().isEmpty())
            readFromMemory(version.key());
        sides.sameRead("head", Outcome.of(() -> Spelled.of(sides.tested().head(version.key(), version.tested()))),
                Outcome.of(() -> Spelled.of(sides.model().head(version.key(), version.modelled()))));
    }

    /// What memory has of an object is all of it, and what [Bucket#get] gives.
    private void readFromMemory(String key) {
        try (var object = sides.tested().getIfInMemory(key)) {
            sides.coverage.count("read from memory" + (object == null ? ", not there" : ""));
            if (object == null)
                return;
            try (var same = sides.tested().get(key)) {
                assertEquals(same.info(), object.info());
                assertArrayEquals(same.readAllBytes(), object.readAllBytes());
            }
        }
    }

    /// The run's bytes twice, in hexadecimal digests so that a failure can be read.
    private static List<String> run(Bucket bucket, String key, String versionId, Read read) {
        try (var object = bucket.get(key, versionId)) {
            long size = object.info().sizeBytes();
            long from = size * read.from() / 1000;
            long length = size * read.to() / 1000 - from;
            try (var in = object.stream(from, length)) {
                var streamed = Spelled.digest(in.readAllBytes());
                return List.of(streamed, Spelled.digest(Spelled.pieces(object, from, length)),
                        object.part(1) + " " + object.part(2) + " " + object.part(3), Spelled.parts(object.parts(1, 2)) + "");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    // ---- deleting ----

    void delete(Delete delete) {
        var version = sides.version(sides.turn, delete.place());
        var condition = condition(delete.condition(), version.key());
        if (!version.modelled().isEmpty() || delete.condition() != Step.Condition.ALWAYS) {
            var there = Outcome
                    .of(() -> Outcome.await(sides.tested().delete(new Deletion(version.key(), version.tested(), condition))));
            var expected = Outcome
                    .of(() -> Outcome.await(sides.model().delete(new Deletion(version.key(), version.modelled(), condition))));
            if (there instanceof Outcome.Value<DeleteOutcome.Deleted>(var done)
                    && expected instanceof Outcome.Value<DeleteOutcome.Deleted>(var modelled))
                sides.deleted(done, modelled, version);
            assertEquals(Sides.reason(expected), Sides.reason(there), delete::toString);
            sides.coverage.count("delete" + (Sides.reason(expected) == null ? "" : " " + Sides.reason(expected)));
            return;
        }
        deleteAll(new DeleteAll(List.of(delete)));
    }

    void deleteAll(DeleteAll batch) {
        var versions = versions(batch.deletions());
        var there = Outcome.await(sides.tested().deleteAll(tested(versions, batch.deletions())));
        deleted(versions, there, Outcome.await(sides.model().deleteAll(modelled(versions, batch.deletions()))));
        sides.coverage.count("batch delete");
    }

    void deleted(List<Version> versions, List<DeleteOutcome> there, List<DeleteOutcome> expected) {
        assertEquals(expected.size(), there.size());
        for (int i = 0; i < versions.size(); i++)
            sides.deleted(there.get(i), expected.get(i), versions.get(i));
    }

    List<Version> versions(List<Delete> deletions) {
        return deletions.stream().map(delete -> sides.version(sides.turn, delete.place())).toList();
    }

    List<Deletion> tested(List<Version> versions, List<Delete> deletions) {
        return IntStream.range(0, versions.size()).mapToObj(i -> new Deletion(versions.get(i).key(), versions.get(i).tested(),
                condition(deletions.get(i).condition(), versions.get(i).key()))).toList();
    }

    List<Deletion> modelled(List<Version> versions, List<Delete> deletions) {
        return IntStream.range(0, versions.size()).mapToObj(i -> new Deletion(versions.get(i).key(), versions.get(i).modelled(),
                condition(deletions.get(i).condition(), versions.get(i).key()))).toList();
    }

    // ---- tags and copies ----

    void setTags(SetTags set) {
        var version = sides.version(sides.turn, set.place());
        var tags = Spelled.tags(set.tags());
        sides.same("set tags", Outcome.ofFuture(() -> sides.tested().setTags(version.key(), version.tested(), tags)),
                Outcome.ofFuture(() -> sides.model().setTags(version.key(), version.modelled(), tags)), sides::tagged);
    }

    void copy(Copy copy) {
        var source = sides.version(sides.turned(copy.sourceBucket()), copy.source());
        var condition = condition(copy.condition(), copy.key());
        var there = Outcome.ofFuture(
                () -> copied(sides.tested(sides.turned(copy.sourceBucket())), source.key(), source.tested(), sides.tested(),
                        copy, condition));
        var expected = Outcome
                .ofFuture(() -> copied(sides.model(sides.turned(copy.sourceBucket())), source.key(), source.modelled(),
                        sides.model(), copy, condition));
        sides.same("copy", there, expected, (info, modelled) -> {
            sides.taken(info, modelled);
            sides.coverage.count("copy " + copy.wish() + (info.partCount() > 0 ? " with parts" : ""));
        });
    }

    void rename(Rename rename) {
        var ofSource = condition(rename.ofSource(), rename.source());
        var ofTarget = condition(rename.ofTarget(), rename.target());
        var before = sides.listed();
        sides.same("rename", Outcome.ofFuture(() -> sides.tested().rename(rename.source(), ofSource, rename.target(), ofTarget)),
                Outcome.ofFuture(() -> sides.model().rename(rename.source(), ofSource, rename.target(), ofTarget)),
                (info, modelled) -> {
                    sides.taken(info, modelled);
                    sides.adopt(Set.of(rename.source()), before); // the marker that may stand there now
                });
    }

    /// Closes the source only when the copy is done.
    private static CompletableFuture<ObjectInfo> copied(Bucket from, String key, String versionId, Bucket to, Copy copy,
            PutCondition condition) {
        try (var source = from.get(key, versionId)) {
            return CompletableFuture
                    .completedFuture(Outcome.await(to.copy(copy.key(), source, options(copy, source.info(), condition))));
        }
    }

    static PutOptions options(Copy copy, ObjectInfo source, PutCondition condition) {
        var options = Spelled.options(copy.metadata()).withCondition(condition);
        var checksum = source.checksum();
        return switch (copy.wish()) {
            case NONE -> options;
            case SAME -> checksum == null ? options : options.withChecksum(checksum.algorithm(), checksum.type());
            case OTHER -> options.withChecksum(checksum != null && checksum.algorithm() == ChecksumAlgorithm.CRC64NVME
                    ? ChecksumAlgorithm.SHA256
                    : ChecksumAlgorithm.CRC64NVME, ChecksumType.FULL_OBJECT);
        };
    }
}
