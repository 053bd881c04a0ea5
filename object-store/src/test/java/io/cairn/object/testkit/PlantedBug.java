package io.cairn.object.testkit;

import io.cairn.object.*;
import io.cairn.object.testkit.ForwardingStore.OfBucket;
import io.cairn.object.testkit.ForwardingStore.OfUpload;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Mistakes that a store might make, each planted into the model by a wrapper of a few lines. The contract must catch every one.
enum PlantedBug {
    RANGE_OFF_BY_ONE(bucket -> new OfBucket(bucket) {
        @Override
        public StoredObject get(String key) {
            return new ShiftedRead(bucket.get(key));
        }
    }), LISTING_SKIPS_A_KEY_BEHIND_A_COMMON_PREFIX(bucket -> new OfBucket(bucket) {
        @Override
        public Listing list(ListRequest request) {
            var page = bucket.list(request);
            var objects = new ArrayList<>(page.objects());
            for (var prefix : page.commonPrefixes())
                objects.stream().filter(object -> ModelBucket.BYTE_ORDER.compare(object.key(), prefix) > 0).findFirst()
                        .ifPresent(objects::remove);
            return new Listing(objects, page.commonPrefixes(), page.next());
        }
    }), OVERWRITE_LOST(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            var there = Outcome.of(() -> bucket.head(key)) instanceof Outcome.Value<ObjectInfo>;
            return there && key.equals("a/1") ? bucket.upload("elsewhere", options) : bucket.upload(key, options);
        }
    }), ETAG_OF_WRONG_BYTES(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return new OfUpload<>(bucket.upload(key, options)) {
                @Override
                public CompletableFuture<ObjectInfo> commit(Expected expected) {
                    return upload.commit(expected).thenApply(info -> info.sizeBytes() < 200_000
                            ? info
                            : new ObjectInfo(info.key(), info.sizeBytes(), "0".repeat(32), info.lastModified(), info.metadata(),
                                    info.checksum(), 0));
                }
            };
        }
    }), DELETE_KEEPS_THE_KEY(bucket -> new OfBucket(bucket) {
        @Override
        public CompletableFuture<Boolean> deleteAsync(String key) {
            return CompletableFuture.completedFuture(Outcome.of(() -> bucket.head(key)) instanceof Outcome.Value<ObjectInfo>);
        }
    }), BATCH_DELETE_FORGETS_THE_LAST_KEY(bucket -> new OfBucket(bucket) {
        @Override
        public CompletableFuture<List<Boolean>> deleteAll(List<String> keys) {
            return bucket.deleteAll(keys.subList(0, keys.size() - 1)).thenApply(there -> {
                var all = new ArrayList<>(there);
                all.add(Outcome.of(() -> bucket.head(keys.getLast())) instanceof Outcome.Value<ObjectInfo>);
                return all;
            });
        }
    }), CONDITION_IGNORED(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return bucket.upload(key, options.withCondition(PutCondition.ALWAYS));
        }
    }), CHECKSUM_UNCHECKED(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return new OfUpload<>(bucket.upload(key, options)) {
                @Override
                public CompletableFuture<ObjectInfo> commit(Expected expected) {
                    return upload.commit(new Expected(expected.bytes(), expected.md5(), null));
                }
            };
        }
    }), ORDER_OF_UTF_16(bucket -> new OfBucket(bucket) {
        @Override
        public Listing list(ListRequest request) {
            var page = bucket.list(request);
            return new Listing(page.objects().stream().sorted(Comparator.comparing(ObjectInfo::key)).toList(),
                    page.commonPrefixes(),
                    page.next());
        }
    }), LAST_PAGE_TOO_EARLY(bucket -> new OfBucket(bucket) {
        @Override
        public Listing list(ListRequest request) {
            var page = bucket.list(request);
            return page.commonPrefixes().size() == request.max() ? new Listing(page.objects(), page.commonPrefixes(), "") : page;
        }
    }), BUFFER_KEPT_AFTER_WRITE(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return new KeepsBuffers(bucket.upload(key, options));
        }
    }), METADATA_LOST(bucket -> new OfBucket(bucket) {
        @Override
        public MultipartUpload createMultipart(String key, PutOptions options) {
            return bucket.createMultipart(key, options.withMetadata(ObjectMetadata.EMPTY));
        }
    }), VISIBLE_BEFORE_THE_COMMIT(bucket -> new OfBucket(bucket) {
        @Override
        public Upload<ObjectInfo> upload(String key, PutOptions options) {
            return new OfUpload<>(bucket.upload(key, options)) {
                private boolean committed;

                @Override
                public CompletableFuture<ObjectInfo> commit(Expected expected) {
                    committed = true;
                    return upload.commit(expected);
                }

                @Override
                public void close() {
                    if (!committed)
                        Outcome.await(upload.commit(Expected.NOTHING));
                }
            };
        }
    }), UPLOAD_ID_MARKER_IGNORED(bucket -> new OfBucket(bucket) {
        @Override
        public MultipartListing multiparts(MultipartListRequest request) {
            return bucket.multiparts(
                    new MultipartListRequest(request.prefix(), request.delimiter(), request.afterKey(), "", request.max()));
        }
    }), FULL_OBJECT_AND_COMPOSITE_MIXED_UP(bucket -> new OfBucket(bucket) {
        @Override
        public MultipartUpload createMultipart(String key, PutOptions options) {
            return options.checksum() == ChecksumAlgorithm.CRC32
                    ? bucket.createMultipart(key, options.withChecksum(options.checksum(), ChecksumType.FULL_OBJECT))
                    : bucket.createMultipart(key, options);
        }
    }), ACKNOWLEDGED_PUT_LOST_IN_A_CRASH(bucket -> bucket) {
        @Override
        ForwardingStore plant(ObjectStore store) {
            return new ForwardingStore(store) {
                @Override
                void reopened() {
                    for (var info : store.buckets()) {
                        var bucket = store.bucket(info.name());
                        for (var object : bucket.list(ListRequest.ALL).objects())
                            if (object.sizeBytes() > 200_000)
                                bucket.delete(object.key());
                    }
                }
            };
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final Function<Bucket, Bucket> bug;

    PlantedBug(Function<Bucket, Bucket> bug) {
        this.bug = bug;
    }

    ForwardingStore plant(ObjectStore store) {
        return new ForwardingStore(store) {
            @Override
            Bucket wrapped(Bucket bucket) {
                return bug.apply(bucket);
            }
        };
    }

    /// A run that does not begin at the first byte begins one too late.
    private record ShiftedRead(StoredObject object) implements StoredObject {
        private long from(long offset, long length) {
            return offset > 0 && offset + length < object.info().sizeBytes() ? offset + 1 : offset;
        }

        @Override
        public ObjectInfo info() {
            return object.info();
        }

        @Override
        public Pieces pieces(long offset, long length) {
            return object.pieces(from(offset, length), length);
        }

        @Override
        public InputStream stream(long offset, long length) {
            return object.stream(offset, length);
        }

        @Override
        public byte[] readAllBytes() {
            return object.readAllBytes();
        }

        @Override
        public void close() {
            object.close();
        }
    }

    /// Looks at what it was given only when it commits.
    private static final class KeepsBuffers extends OfUpload<ObjectInfo> {
        private final List<ByteBuffer> kept = new ArrayList<>();

        KeepsBuffers(Upload<ObjectInfo> upload) {
            super(upload);
        }

        @Override
        public void write(ByteBuffer bytes) {
            kept.add(bytes.duplicate());
            bytes.position(bytes.limit());
        }

        @Override
        public CompletableFuture<ObjectInfo> commit(Expected expected) {
            kept.forEach(upload::write);
            return upload.commit(expected);
        }
    }
}
