package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.Bucket;
import io.cairn.object.Deletion;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.Reason;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.Damage;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.LogOptions;
import io.cairn.replication.OverloadedException;
import io.cairn.replication.ReplicatedLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A change that was evaluated, and then refused since the log has too much to do, leaves no trace: done again, it counts who names a content as
/// if it had come once. Each change here touches one content's count more than once.
class RefusedChangesTest {
    private static final byte[] BYTES = bytes();
    @TempDir
    Path directory;
    private boolean overloaded;

    private static byte[] bytes() {
        var bytes = new byte[300_000]; // more than rides in the log: an extent file goes as soon as nobody names it
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /// A log that refuses batches while `overloaded`.
    private LogObjectStore open() {
        var place = EngineDirectory.open(directory, Engine.OBJECTS, LogObjectStore.FORMAT);
        var log = ReplicatedLog.open(place.group(0), ObjectSpace.group(0), LogOptions.DEFAULT, CommitListener.NONE);
        var refusing = (ReplicatedLog) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{ReplicatedLog.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "equals" -> System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                    case "hashCode" -> 1;
                    case "propose" -> {
                        if (overloaded)
                            throw new OverloadedException("too much waits for the disk");
                        yield log.propose((Batch) arguments[0]);
                    }
                    default -> {
                        try {
                            yield method.invoke(log, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
        return new LogObjectStore(place, refusing, 1);
    }

    private static void copy(Bucket bucket, String from, String to) {
        try (var source = bucket.get(from)) {
            bucket.copy(to, source, PutOptions.DEFAULT).join();
        }
    }

    private static MultipartUpload ofParts(Bucket bucket, String source, int parts) {
        var upload = bucket.createMultipart("multipart", PutOptions.DEFAULT);
        try (var from = bucket.get(source)) {
            for (int number = 1; number <= parts; number++)
                upload.copyPart(number, from, 0, BYTES.length).join();
        }
        return upload;
    }

    private void twice(Runnable change) {
        overloaded = true;
        var refused = assertThrows(RuntimeException.class, change::run);
        var cause = refused instanceof CompletionException ? refused.getCause() : refused;
        assertEquals(Reason.OVERLOADED, assertInstanceOf(ObjectRefusedException.class, cause).reason());
        overloaded = false;
        change.run();
    }

    private interface Change { void run(Bucket bucket); }

    private void run(Change prepared, Change changed) {
        try (var store = open()) {
            var bucket = store.createBucket("bucket");
            bucket.put("a", BYTES);
            copy(bucket, "a", "b");
            copy(bucket, "a", "kept");
            prepared.run(bucket);
            twice(() -> changed.run(bucket));
        }
        try (var store = ObjectStore.open(directory, new ObjectStoreOptions(LogOptions.DEFAULT, 1));
                var kept = store.bucket("bucket").get("kept")) {
            assertArrayEquals(BYTES, kept.readAllBytes());
        }
        var damage = new ArrayList<Damage>();
        ObjectStore.check(directory, damage::add);
        assertEquals(List.of(), damage, "counts differ from the rows");
    }

    @Test
    void deletionsOfTwoCopies() {
        run(_ -> {
        }, bucket -> bucket.deleteAll(List.of(Deletion.of("a"), Deletion.of("b"))).join());
    }

    @Test
    void abortedPartsOfOneSource() {
        var upload = new ArrayList<MultipartUpload>();
        run(bucket -> upload.add(ofParts(bucket, "a", 2)), _ -> upload.getFirst().abort().join());
    }

    @Test
    void aDeletedMultipartOfOneSource() {
        run(bucket -> {
            var upload = ofParts(bucket, "a", 2);
            var parts = upload.parts(0, 10).stream().map(part -> new CompletedPart(part.number(), part.etag(), null)).toList();
            upload.complete(parts, Expected.NOTHING, PutCondition.ALWAYS).join();
        }, bucket -> bucket.deleteAll(List.of(Deletion.of("multipart"))).join());
    }

    @Test
    void aCopyOntoItself() {
        run(_ -> {
        }, bucket -> copy(bucket, "a", "a"));
    }

    @Test
    void aPartCopiedOverItself() {
        var upload = new ArrayList<MultipartUpload>();
        run(bucket -> upload.add(ofParts(bucket, "a", 1)), bucket -> {
            try (var from = bucket.get("a")) {
                upload.getFirst().copyPart(1, from, 0, BYTES.length).join();
            }
        });
    }
}
