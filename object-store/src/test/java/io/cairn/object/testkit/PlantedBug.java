package io.cairn.object.testkit;

import io.cairn.object.*;
import io.cairn.object.testkit.ForwardingStore.OfBucket;
import io.cairn.object.testkit.ForwardingStore.OfObject;
import io.cairn.object.testkit.ForwardingStore.OfUpload;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Mistakes that a store might make, each planted into the model by a wrapper of a few lines. The contract must catch every one.
enum PlantedBug {
    RANGE_OFF_BY_ONE(bucket -> new OfBucket(bucket) {
        @Override
        public StoredObject get(String key, String versionId) {
            return new ShiftedRead(bucket.get(key, versionId));
        }
    }), LISTING_SKIPS_A_KEY_BEHIND_A_COMMON_PREFIX(bucket -> new OfBucket(bucket) {
        @Override
        public Listing list(ListRequest request) {
            var page = bucket.list(request);
            var objects = new ArrayList<>(page.objects());
            for (var prefix : page.commonPrefixes())
                objects.stream().filter(object -> ModelListings.BYTE_ORDER.compare(object.key(), prefix) > 0).findFirst()
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
                                    info.checksum(), 0, info.versionId(), info.tags()));
                }
            };
        }
    }), DELETE_KEEPS_THE_KEY(bucket -> new OfBucket(bucket) {
        @Override
        public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
            return deletions.size() > 1
                    ? bucket.deleteAll(deletions)
                    : bucket.deleteAll(
                            deletions.stream().map(deletion -> new Deletion("elsewhere", "", deletion.condition())).toList());
        }
    }), BATCH_DELETE_FORGETS_THE_LAST_KEY(bucket -> new OfBucket(bucket) {
        @Override
        public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
            var last = deletions.getLast();
            return deletions.size() < 2
                    ? bucket.deleteAll(deletions)
                    : bucket.deleteAll(deletions.subList(0, deletions.size() - 1)).thenApply(done -> {
                        var all = new ArrayList<>(done);
                        all.add(new DeleteOutcome.Deleted(last,
                                Outcome.of(() -> bucket.head(last.key())) instanceof Outcome.Value<?>,
                                ""));
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
    }), MARKER_NOT_WRITTEN(PlantedVersionBugs::markerNotWritten), MARKER_WRITTEN_WHILE_OFF(
            PlantedVersionBugs::markerWrittenWhileOff),
    NULL_VERSION_NOT_REPLACED(
            PlantedVersionBugs::nullVersionNotReplaced),
    NULL_VERSION_KEPT_BELOW_THE_MARKER(
            PlantedVersionBugs::nullVersionKeptBelowTheMarker),
    OLDEST_VERSION_PROMOTED(
            PlantedVersionBugs::oldestVersionPromoted),
    DELETION_OF_A_VERSION_DELETES_ALL(
            PlantedVersionBugs::deletionOfAVersionDeletesAll),
    OLDER_VERSION_LOST_ON_OVERWRITE(
            PlantedVersionBugs::olderVersionLostOnOverwrite),
    COPY_SHARES_THE_FATE_OF_ITS_SOURCE(
            PlantedVersionBugs::copySharesTheFateOfItsSource),
    COPY_OF_PARTS_WRITTEN_AT_ONCE(
            PlantedVersionBugs::copyOfPartsWrittenAtOnce),
    TAGS_LOST_ON_OVERWRITE(
            PlantedVersionBugs::tagsLostOnOverwrite),
    TAGS_LOST_IN_A_COPY(
            bucket -> PlantedVersionBugs.copying(bucket,
                    options -> options.withTags(Map
                            .of()))),
    CONDITION_OF_A_COPY_IGNORED(
            bucket -> PlantedVersionBugs
                    .copying(
                            bucket,
                            options -> options
                                    .withCondition(
                                            PutCondition.ALWAYS))),
    NEWEST_VERSION_READ_FOR_AN_OLDER(
            PlantedVersionBugs::newestVersionReadForAnOlder),
    MALFORMED_ID_TAKEN_FOR_A_MISSING_VERSION(
            PlantedVersionBugs::malformedIdTakenForAMissingVersion),
    CONDITION_OF_A_DELETION_IGNORED(
            bucket -> PlantedVersionBugs
                    .deleting(
                            bucket,
                            deletion -> deletion
                                    .condition() instanceof PutCondition.IfMatch
                                            ? new Deletion(
                                                    deletion.key(),
                                                    deletion.versionId(),
                                                    PutCondition.ALWAYS)
                                            : deletion)),
    CONDITION_LOOKS_AT_THE_VERSION_NAMED(
            PlantedVersionBugs::conditionLooksAtTheVersionNamed),
    BATCH_STACKS_MARKERS(
            PlantedVersionBugs::batchStacksMarkers),
    VERSIONS_LISTED_OLDEST_FIRST(
            bucket -> PlantedVersionBugs
                    .listingVersions(
                            bucket,
                            PlantedVersionBugs::oldestFirst)),
    NEWEST_OBJECT_IS_LATEST(
            bucket -> PlantedVersionBugs
                    .listingVersions(
                            bucket,
                            PlantedVersionBugs::newestObjectIsLatest)),
    VERSION_ID_MARKER_IGNORED(
            bucket -> PlantedVersionBugs
                    .listingVersions(
                            bucket,
                            (it, request) -> it
                                    .versions(
                                            new VersionListRequest(
                                                    request.prefix(),
                                                    request.delimiter(),
                                                    request.afterKey(),
                                                    "",
                                                    request.max())))),
    RUN_OF_A_PART_COPY_IGNORED(
            bucket -> new OfBucket(
                    bucket) {
                @Override
                public MultipartUpload multipart(
                        String key,
                        String uploadId) {
                    return new CopiesFromTheStart(
                            bucket.multipart(
                                    key,
                                    uploadId));
                }
            }),
    SETTING_LOST_AT_REOPENING(
            bucket -> bucket) {
        @Override
        ForwardingStore plant(
                ObjectStore store) {
            return atReopening(
                    store,
                    bucket -> Sides.SETTINGS
                            .forEach(
                                    name -> bucket
                                            .setSetting(
                                                    name,
                                                    null)));
        }
    },
    VERSIONING_LOST_AT_REOPENING(bucket -> bucket) {
        @Override
        ForwardingStore plant(ObjectStore store) {
            return atReopening(store, bucket -> {
                if (bucket.versioning() == Versioning.ENABLED)
                    bucket.setVersioning(Versioning.SUSPENDED);
            });
        }
    },
    ACKNOWLEDGED_PUT_LOST_IN_A_CRASH(bucket -> bucket) {
        @Override
        ForwardingStore plant(ObjectStore store) {
            return atReopening(store, bucket -> {
                for (var object : bucket.list(ListRequest.ALL).objects())
                    if (object.sizeBytes() > 200_000)
                        bucket.delete(object.key());
            });
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final Function<Bucket, Bucket> bug;

    PlantedBug(Function<Bucket, Bucket> bug) {
        this.bug = bug;
    }

    ForwardingStore plant(ObjectStore store) {
        return new ForwardingStore(store) {
            private final IdentityHashMap<Bucket, Bucket> wrapped = new IdentityHashMap<>();

            @Override
            Bucket wrapped(Bucket bucket) {
                return wrapped.computeIfAbsent(bucket, bug);
            }
        };
    }

    private static ForwardingStore atReopening(ObjectStore store, Consumer<Bucket> loss) {
        return new ForwardingStore(store) {
            @Override
            void reopened() {
                store.buckets().forEach(info -> loss.accept(store.bucket(info.name())));
            }
        };
    }

    /// A run that does not begin at the first byte begins one too late.
    private static final class ShiftedRead extends OfObject {
        ShiftedRead(StoredObject object) {
            super(object);
        }

        @Override
        public Pieces pieces(long offset, long length) {
            boolean shifted = offset > 0 && offset + length < object.info().sizeBytes();
            return object.pieces(shifted ? offset + 1 : offset, length);
        }
    }

    /// Copies as many bytes as asked for, but the first ones.
    private record CopiesFromTheStart(MultipartUpload upload) implements MultipartUpload {
        @Override
        public CompletableFuture<Part> copyPart(int number, StoredObject source, long offset, long length) {
            return upload.copyPart(number, source, 0, length);
        }

        @Override
        public String id() {
            return upload.id();
        }

        @Override
        public String key() {
            return upload.key();
        }

        @Override
        public Instant initiated() {
            return upload.initiated();
        }

        @Override
        public PutOptions options() {
            return upload.options();
        }

        @Override
        public Upload<Part> part(int number) {
            return upload.part(number);
        }

        @Override
        public List<Part> parts(int afterNumber, int max) {
            return upload.parts(afterNumber, max);
        }

        @Override
        public CompletableFuture<ObjectInfo> complete(List<CompletedPart> parts, Expected expected, PutCondition condition) {
            return upload.complete(parts, expected, condition);
        }

        @Override
        public CompletableFuture<@Nullable Void> abort() {
            return upload.abort();
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
