package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.replication.testkit.Acknowledgements;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The check after a kill sees each kind of loss: planted here in a store that was right before.
final class KillLedgerTest {
    private static final long SEED = 7;
    private static final int STEPS = 15;
    @TempDir
    Path temporary;

    private interface Damage { void to(Bucket bucket) throws IOException; }

    @BeforeEach
    void writeWithoutAKill() throws IOException {
        try (var store = open(); var out = new FileOutputStream(told().toFile())) {
            KilledWriter.makeBuckets(store);
            for (int i = 0; i < KillPlan.WRITERS; i++) {
                var writer = new KilledWriter(store, new KillPlan(SEED, 1, i), i, new Acknowledgements(out));
                for (int step = 0; step < STEPS; step++)
                    writer.step();
            }
        }
        check();
    }

    private ObjectStore open() {
        return ObjectStore.open(temporary.resolve("data"), KilledWriter.OPTIONS);
    }

    private Path told() {
        return temporary.resolve("told");
    }

    private Path extents() {
        return temporary.resolve("data/0/extents");
    }

    private void check() throws IOException {
        var ledger = new KillLedger();
        ledger.read(SEED, 1, Files.readAllLines(told()));
        try (var store = open()) {
            ledger.check(store, extents());
        }
    }

    private void seen(String by, Damage damage) throws IOException {
        try (var store = open()) {
            damage.to(store.bucket(KilledWriter.BUCKET));
        }
        var error = assertThrows(AssertionError.class, this::check);
        assertTrue(String.valueOf(error.getMessage()).contains(by), error::toString);
    }

    private static ObjectInfo any(Bucket bucket, boolean multipart) {
        return bucket.list(ListRequest.ALL).objects().stream().filter(object -> object.partCount() > 0 == multipart).findFirst()
                .orElseThrow();
    }

    @Test
    void aLostObjectIsSeen() throws IOException {
        seen("lost: ", bucket -> bucket.delete(any(bucket, false).key()));
    }

    @Test
    void anObjectWithOneOtherByteIsSeen() throws IOException {
        seen("has other bytes than", bucket -> {
            var key = any(bucket, false).key();
            byte[] bytes;
            try (var object = bucket.get(key)) {
                bytes = object.readAllBytes();
            }
            bytes[bytes.length - 1]++;
            bucket.put(key, bytes);
        });
    }

    @Test
    void aDeletedObjectThatIsBackIsSeen() throws IOException {
        seen("keys of the listing", bucket -> {
            var deleted = Files.readAllLines(told()).stream().filter(line -> line.contains(" DEL "))
                    .flatMap(line -> List.of(line.split(" ")).stream().skip(2))
                    .filter(key -> bucket.list(new ListRequest(key, "", "", 1)).objects().isEmpty()).findFirst().orElseThrow();
            bucket.put(deleted, new byte[1]);
        });
    }

    @Test
    void aMultipartObjectMadeBySomeoneElseIsSeen() throws IOException {
        seen("lost: ", bucket -> {
            var there = any(bucket, true);
            var other = bucket.createMultipart(there.key(), PutOptions.DEFAULT);
            var parts = new ArrayList<CompletedPart>();
            try (var object = bucket.get(there.key())) {
                for (int number = 1; number <= there.partCount(); number++) {
                    var run = object.part(number);
                    assertNotNull(run);
                    try (var upload = other.part(number); var bytes = object.stream(run.offset(), run.length())) {
                        upload.write(ByteBuffer.wrap(bytes.readAllBytes()));
                        parts.add(new CompletedPart(number, upload.commit(Expected.NOTHING).join().etag(), null));
                    }
                }
            }
            other.complete(parts, Expected.NOTHING, PutCondition.ALWAYS).join();
        });
    }

    @Test
    void aLostVersionIsSeen() throws IOException {
        try (var store = open()) {
            var versions = store.bucket(KilledWriter.VERSIONS);
            var newest = versions.versions(VersionListRequest.ALL).versions().getFirst();
            versions.delete(new Deletion(newest.key(), newest.versionId(), PutCondition.ALWAYS)).join();
        }
        assertThrows(AssertionError.class, this::check);
    }

    @Test
    void anUploadThatWasNeverBegunIsSeen() throws IOException {
        seen("is unfinished", bucket -> bucket.createMultipart("writer-0/none", PutOptions.DEFAULT));
    }

    @Test
    void anExtentFileThatNothingNamesIsSeenUnlessTheLogRemovesIt() throws IOException {
        Files.write(extents().resolve("0000000000000001.ext"), new byte[400 << 10]);
        check(); // a file that an upload left behind: the log has removed it at open
        seen("and no other", _ -> Files.write(extents().resolve("stray"), new byte[1]));
    }
}
