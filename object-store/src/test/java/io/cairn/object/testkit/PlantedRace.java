package io.cairn.object.testkit;

import io.cairn.object.*;
import io.cairn.object.testkit.ForwardingStore.OfBucket;
import io.cairn.object.testkit.ForwardingStore.OfUpload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Mistakes that only show themselves to several clients at once, each planted into a right bucket. [Linearizability] must find every one.
enum PlantedRace {
    /// A cache that is not told of writes.
    STALE_READ(bucket -> new OfBucket(bucket) {
        private final Map<String, ObjectInfo> cache = new ConcurrentHashMap<>();

        @Override
        public ObjectInfo head(String key, String versionId) {
            var cached = cache.get(key);
            if (cached != null && ThreadLocalRandom.current().nextInt(4) == 0)
                return cached;
            var info = bucket.head(key, versionId);
            cache.put(key, info);
            return info;
        }
    }),
    /// If-Match is looked at first and the object put later, so that a write in between is lost.
    LOST_UPDATE(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return options.condition() instanceof PutCondition.IfMatch
                    ? new Unlatched(bucket, key, options)
                    : bucket.upload(key, options);
        }
    }),
    /// The same of If-None-Match.
    TWO_WINNERS(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return options.condition() instanceof PutCondition.IfAbsent
                    ? new Unlatched(bucket, key, options)
                    : bucket.upload(key, options);
        }
    }),
    /// The same of a conditional deletion.
    DELETED_THE_NEXT_OBJECT(bucket -> new OfBucket(bucket) {
        @Override
        public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
            var deletion = deletions.getFirst();
            if (!(deletion.condition() instanceof PutCondition.IfMatch(var etag))
                    || !(Outcome.of(() -> bucket.head(deletion.key())) instanceof Outcome.Value<ObjectInfo>(var info))
                    || !info.etag().equals(etag))
                return bucket.deleteAll(deletions);
            pause();
            return bucket.deleteAll(List.of(Deletion.of(deletion.key())));
        }
    }),
    /// Told done before it is visible.
    ACKNOWLEDGED_TOO_EARLY(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return options.condition() instanceof PutCondition.Always
                    ? new Early(bucket, key, options)
                    : bucket.upload(key, options);
        }
    }),
    /// A deletion that finds the key's latch taken gives up, and says that it is done.
    DELETION_DROPPED(bucket -> new OfBucket(bucket) {
        @Override
        public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
            var deletion = deletions.getFirst();
            boolean there = Outcome.of(() -> bucket.head(deletion.key())) instanceof Outcome.Value<?>;
            return there && ThreadLocalRandom.current().nextInt(4) == 0 && deletion.condition() instanceof PutCondition.Always
                    ? CompletableFuture.completedFuture(List.of(new DeleteOutcome.Deleted(deletion, true, "")))
                    : bucket.deleteAll(deletions);
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final UnaryOperator<Bucket> race;

    PlantedRace(UnaryOperator<Bucket> race) {
        this.race = race;
    }

    Bucket plant(Bucket bucket) {
        return race.apply(bucket);
    }

    private static void pause() {
        LockSupport.parkNanos(200_000);
    }

    /// Looks at the condition, waits, and puts without one.
    private static final class Unlatched extends OfUpload<ObjectInfo> {
        private final Bucket bucket;
        private final String key;
        private final PutCondition condition;

        Unlatched(Bucket bucket, String key, PutOptions options) {
            super(bucket.upload(key, options.withCondition(PutCondition.ALWAYS)));
            this.bucket = bucket;
            this.key = key;
            this.condition = options.condition();
        }

        @Override
        public CompletableFuture<ObjectInfo> commit(Expected expected) {
            var there = Outcome.of(() -> bucket.head(key)) instanceof Outcome.Value<ObjectInfo>(var info)
                    ? info.etag()
                    : KeyCall.NONE;
            var refusal = switch (condition) {
                case PutCondition.IfAbsent() -> there.isEmpty() ? null : Reason.PRECONDITION_FAILED;
                case PutCondition.IfMatch(var etag) -> {
                    if (there.isEmpty())
                        yield Reason.NO_SUCH_KEY;
                    yield etag.equals("*") || etag.equals(there) ? null : Reason.PRECONDITION_FAILED;
                }
                case PutCondition.Always() -> null;
            };
            if (refusal != null)
                return CompletableFuture.failedFuture(new ObjectRefusedException(refusal, key));
            pause();
            return upload.commit(expected);
        }
    }

    /// Answers from a store aside, and commits a little later.
    private static final class Early extends OfUpload<ObjectInfo> {
        private final Upload<ObjectInfo> aside;

        Early(Bucket bucket, String key, PutOptions options) {
            super(bucket.upload(key, options));
            this.aside = new ModelObjectStore(0).createBucket("aside").upload(key, options);
        }

        @Override
        public void write(ByteBuffer bytes) {
            aside.write(bytes.duplicate());
            upload.write(bytes);
        }

        @Override
        public CompletableFuture<ObjectInfo> commit(Expected expected) {
            CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS).execute(() -> Outcome.await(upload.commit(expected)));
            return aside.commit(expected);
        }
    }
}
