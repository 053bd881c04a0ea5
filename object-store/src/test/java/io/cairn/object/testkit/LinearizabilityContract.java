package io.cairn.object.testkit;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.*;

/// What every object store does for clients that call at once: each key is a register.
public abstract class LinearizabilityContract extends CopyContract {
    static final int CLIENTS = 8;
    static final int CALLS_EACH = 60;

    @Example
    void callsOfManyClientsAreLinearizable() {
        try (var store = open()) {
            for (var versioning : Versioning.values())
                beLinearizable(store, versioning, versioning.ordinal());
        }
    }

    /// What many clients do at once in a bucket of their own, so versioned; for classes beside this one that run it more often.
    public static void beLinearizable(ObjectStore store, Versioning versioning, long seed) {
        var bucket = store.createBucket("clients-" + seed);
        bucket.setVersioning(versioning);
        assertNull(Linearizability.violation(ConcurrentClients.run(bucket, CLIENTS, CALLS_EACH, seed)), () -> "seed " + seed);
    }

    @Example
    void ofWritersWhoAllWantToBeFirstOneIs() {
        inBucket(bucket -> {
            for (int race = 0; race < 20; race++) {
                var key = "key" + race;
                var uploads = new ArrayList<Upload<ObjectInfo>>();
                for (int i = 0; i < CLIENTS; i++) {
                    var upload = bucket.upload(key, PutOptions.DEFAULT.withCondition(PutCondition.IF_ABSENT));
                    upload.write(ByteBuffer.wrap(content(i + 1)));
                    uploads.add(upload);
                }
                var outcomes = uploads.stream()
                        .map(upload -> CompletableFuture
                                .supplyAsync(() -> Outcome.ofFuture(() -> upload.commit(Expected.NOTHING))))
                        .toList();
                var winners = new ArrayList<ObjectInfo>();
                for (var outcome : outcomes)
                    switch (Outcome.await(outcome)) {
                        case Outcome.Value<ObjectInfo>(var info) -> winners.add(info);
                        case Outcome.Refused<ObjectInfo>(var reason, var _) -> assertEquals(Reason.PRECONDITION_FAILED, reason);
                    }
                assertEquals(List.of(bucket.head(key)), winners);
            }
        });
    }

    /// A listing sees one state of the bucket: in each there is the object, under one of its names.
    @Example
    void aRenamedObjectIsNeverSeenTwiceNorMissed() {
        inBucket(bucket -> {
            bucket.put("a", content(10));
            var renames = new AtomicInteger();
            var looked = new AtomicBoolean();
            var renaming = CompletableFuture.runAsync(() -> {
                for (; !looked.get() || renames.get() % 2 == 1; renames.incrementAndGet()) {
                    boolean back = renames.get() % 2 == 1;
                    Outcome.await(bucket.rename(back ? "b" : "a", PutCondition.ALWAYS, back ? "a" : "b", PutCondition.IF_ABSENT));
                }
            });
            try {
                for (int looks = 0; (looks < 50 || renames.get() < 50) && !renaming.isDone(); looks++)
                    assertEquals(1, bucket.list(ListRequest.ALL).objects().size());
            } finally {
                looked.set(true);
            }
            Outcome.await(renaming);
            assertEquals(List.of("a"), keys(bucket.list(ListRequest.ALL)));
        });
    }
}
