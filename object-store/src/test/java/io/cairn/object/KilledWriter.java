package io.cairn.object;

import io.cairn.object.KillPlan.Operation;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;
import io.cairn.replication.testkit.Acknowledgements;
import io.cairn.replication.testkit.UnsyncedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

/// The process that is killed, or whose power goes: writers that follow their plans and tell of each operation on standard output once it was acknowledged,
/// until the end comes.
///
///     WRITER PUT key version      WRITER DEL key...      WRITER DONE key
///     WRITER COPY from to         WRITER VER version
///     WRITER BEGUN key uploadId   before a multipart upload's first part: not the end of an operation
final class KilledWriter {
    static final String BUCKET = "killed";
    static final String VERSIONS = "versions";
    /// Small files, so that a round fills, flushes and recycles some; and a cleaner that moves what lives all the time.
    static final ObjectStoreOptions OPTIONS = new ObjectStoreOptions(
            LogOptions.DEFAULT.withFileBytes(1 << 20).withFlushBytes(2 << 20), KillPlan.MIN_PART_BYTES,
            new CleaningOptions(0.05, 0.05, 1, 1L << 40, 256 << 10, Duration.ofMillis(20)));
    private final Bucket bucket;
    private final Bucket versions;
    private final int writer;
    private final KillPlan plan;
    private final Acknowledgements told;

    KilledWriter(ObjectStore store, KillPlan plan, int writer, Acknowledgements told) {
        this.bucket = store.bucket(BUCKET);
        this.versions = store.bucket(VERSIONS);
        this.plan = plan;
        this.writer = writer;
        this.told = told;
    }

    /// @param arguments directory, seed, round; for a power cut also milliseconds until it comes, and whether syncs are real
    static void main(String[] arguments) {
        var directory = Path.of(arguments[0]);
        boolean powerCut = arguments.length > 3;
        var options = powerCut && !Boolean.parseBoolean(arguments[4])
                ? new ObjectStoreOptions(OPTIONS.log().withDisks(UnsyncedDisk::of), OPTIONS.minPartBytes(), OPTIONS.cleaning())
                : OPTIONS;
        var store = ObjectStore.open(directory, options);
        makeBuckets(store);
        var told = Acknowledgements.toStandardOutput();
        if (powerCut)
            told.cutPowerAfter(Integer.parseInt(arguments[3]), directory);
        for (int i = 0; i < KillPlan.WRITERS; i++) {
            var writer = new KilledWriter(store, new KillPlan(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]), i),
                    i, told);
            Thread.ofPlatform().start(() -> {
                try {
                    while (true)
                        writer.step();
                } catch (Throwable e) {
                    if (powerCut)
                        return; // the disk is gone, and whoever started this ends it; if the disk is there, the test misses the cut
                    e.printStackTrace();
                    Runtime.getRuntime().halt(3); // the killer expects to be the end of this process
                }
            });
        }
    }

    static void makeBuckets(ObjectStore store) {
        if (store.buckets().stream().noneMatch(bucket -> bucket.name().equals(BUCKET)))
            store.createBucket(BUCKET);
        if (store.buckets().stream().noneMatch(bucket -> bucket.name().equals(VERSIONS)))
            store.createBucket(VERSIONS);
        store.bucket(VERSIONS).setVersioning(Versioning.ENABLED);
    }

    private void version(byte[] content) {
        var key = "writer-" + writer;
        versions.put(key, content);
        var all = versions.versions(new VersionListRequest(key, "", "", "", ListRequest.MAX)).versions();
        var old = all.stream().skip(KillPlan.KEPT_VERSIONS)
                .map(version -> new Deletion(key, version.versionId(), PutCondition.ALWAYS)).toList();
        versions.deleteAll(old).join();
    }

    void step() throws IOException {
        switch (plan.next()) {
            case Operation.Put(var key, var content) -> {
                bucket.put(key, content.bytes());
                say("PUT " + key + " " + content.version());
            }
            case Operation.Copy(var from, var to) -> {
                try (var source = bucket.get(from)) {
                    bucket.copy(to, source, PutOptions.DEFAULT).join();
                } catch (ObjectRefusedException e) {
                    if (e.reason() != Reason.NO_SUCH_KEY)
                        throw e;
                }
                say("COPY " + from + " " + to);
            }
            case Operation.Version(var content) -> {
                version(content.bytes());
                say("VER " + content.version());
            }
            case Operation.Delete(var keys) -> {
                bucket.deleteAll(keys.stream().map(Deletion::of).toList()).join();
                say("DEL " + String.join(" ", keys));
            }
            case Operation.Multipart(var key, var contents) -> {
                var multipart = bucket.createMultipart(key, PutOptions.DEFAULT);
                say("BEGUN " + key + " " + multipart.id());
                var parts = new ArrayList<CompletedPart>();
                for (var content : contents)
                    try (var upload = multipart.part(content.part())) {
                        upload.write(ByteBuffer.wrap(content.bytes()));
                        parts.add(new CompletedPart(content.part(), upload.commit(Expected.NOTHING).join().etag(), null));
                    }
                multipart.complete(parts, Expected.NOTHING, PutCondition.ALWAYS).join();
                say("DONE " + key);
            }
        }
    }

    private void say(String what) throws IOException {
        told.tell(writer + " " + what);
    }
}
