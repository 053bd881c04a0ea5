package io.cairn.object.testkit;

import static io.cairn.object.ObjectInfo.NULL_VERSION;

import io.cairn.object.*;
import io.cairn.object.testkit.ForwardingStore.OfBucket;
import io.cairn.object.testkit.ForwardingStore.OfObject;
import io.cairn.object.testkit.ForwardingStore.OfUpload;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The mistakes about versions, deletions, tags and copies that [PlantedBug] plants, where they take more than a line.
final class PlantedVersionBugs {
    static Bucket listingVersions(Bucket bucket, BiFunction<Bucket, VersionListRequest, VersionListing> answer) {
        return new OfBucket(bucket) {
            @Override
            public VersionListing versions(VersionListRequest request) {
                return answer.apply(bucket, request);
            }
        };
    }

    static Bucket deleting(Bucket bucket, UnaryOperator<Deletion> changed) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                return bucket.deleteAll(deletions.stream().map(changed).toList()).thenApply(done -> named(done, deletions));
            }
        };
    }

    static Bucket copying(Bucket bucket, UnaryOperator<PutOptions> changed) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options) {
                return bucket.copy(key, source, changed.apply(options));
            }
        };
    }

    /// The outcomes as those of the deletions that were asked for.
    private static List<DeleteOutcome> named(List<DeleteOutcome> done, List<Deletion> deletions) {
        var named = new ArrayList<DeleteOutcome>();
        for (int i = 0; i < done.size(); i++)
            named.add(switch (done.get(i)) {
                case DeleteOutcome.Deleted(var _, boolean existed, var marker) ->
                    new DeleteOutcome.Deleted(deletions.get(i), existed, marker);
                case DeleteOutcome.Refused(var _, var reason, var message) ->
                    new DeleteOutcome.Refused(deletions.get(i), reason, message);
            });
        return named;
    }

    static boolean has(Bucket bucket, String key, String versionId) {
        return Outcome.of(() -> bucket.head(key, versionId)) instanceof Outcome.Value<?>;
    }

    static List<ObjectVersion> versions(Bucket bucket, String key) {
        return bucket.versions(VersionListRequest.ALL).versions().stream().filter(version -> version.key().equals(key)).toList();
    }

    private static void forget(Bucket bucket, String key, String versionId) {
        Outcome.await(bucket.delete(new Deletion(key, versionId, PutCondition.ALWAYS)));
    }

    static Bucket markerNotWritten(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                return bucket.deleteAll(deletions).thenApply(done -> {
                    for (var outcome : done)
                        if (outcome instanceof DeleteOutcome.Deleted(var deletion, boolean _, var marker) && !marker.isEmpty()
                                && deletion.versionId().isEmpty())
                            forget(bucket, deletion.key(), marker);
                    return done;
                });
            }
        };
    }

    static Bucket markerWrittenWhileOff(Bucket bucket) {
        return new OfBucket(bucket) {
            private final Set<String> marked = new HashSet<>();

            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                if (bucket.versioning() == Versioning.OFF)
                    deletions.forEach(deletion -> marked.add(deletion.key()));
                return bucket.deleteAll(deletions);
            }

            @Override
            public VersionListing versions(VersionListRequest request) {
                var page = bucket.versions(request);
                var all = new ArrayList<>(page.versions());
                for (var key : marked)
                    if (request.equals(VersionListRequest.ALL) && PlantedVersionBugs.versions(bucket, key).isEmpty())
                        all.add(new ObjectVersion.DeleteMarker(key, NULL_VERSION, true, bucket.info().created()));
                return new VersionListing(all, page.commonPrefixes(), page.nextKey(), page.nextVersion());
            }
        };
    }

    /// A write while suspended that finds a null version becomes a version beside it.
    static Bucket nullVersionNotReplaced(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public Upload<ObjectInfo> upload(String key, PutOptions options) {
                return new OfUpload<>(bucket.upload(key, options)) {
                    @Override
                    public CompletableFuture<ObjectInfo> commit(Expected expected) {
                        if (bucket.versioning() != Versioning.SUSPENDED || !has(bucket, key, NULL_VERSION))
                            return upload.commit(expected);
                        bucket.setVersioning(Versioning.ENABLED);
                        var done = upload.commit(expected);
                        bucket.setVersioning(Versioning.SUSPENDED);
                        return done
                                .thenApply(info -> new ObjectInfo(info.key(), info.sizeBytes(), info.etag(), info.lastModified(),
                                        info.metadata(), info.checksum(), info.partCount(), NULL_VERSION, info.tags()));
                    }
                };
            }
        };
    }

    static Bucket nullVersionKeptBelowTheMarker(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                if (bucket.versioning() != Versioning.SUSPENDED)
                    return bucket.deleteAll(deletions);
                bucket.setVersioning(Versioning.ENABLED);
                var done = bucket.deleteAll(deletions);
                bucket.setVersioning(Versioning.SUSPENDED);
                return done;
            }
        };
    }

    /// Once the newest version is deleted by its id, the oldest that has bytes is taken for the newest, until the next write.
    static Bucket oldestVersionPromoted(Bucket bucket) {
        return new OfBucket(bucket) {
            private final Map<String, String> promoted = new HashMap<>();

            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                for (var deletion : deletions) {
                    var versions = PlantedVersionBugs.versions(bucket, deletion.key());
                    if (!versions.isEmpty() && versions.getFirst().versionId().equals(deletion.versionId())
                            && versions.getLast() instanceof ObjectVersion.Stored oldest)
                        promoted.put(deletion.key(), oldest.versionId());
                }
                return bucket.deleteAll(deletions);
            }

            @Override
            public Upload<ObjectInfo> upload(String key, PutOptions options) {
                promoted.remove(key);
                return bucket.upload(key, options);
            }

            @Override
            public StoredObject get(String key, String versionId) {
                var wrong = promoted.getOrDefault(key, "");
                return versionId.isEmpty() && has(bucket, key, wrong) ? bucket.get(key, wrong) : bucket.get(key, versionId);
            }
        };
    }

    static Bucket deletionOfAVersionDeletesAll(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                return bucket.deleteAll(deletions).thenApply(done -> {
                    for (var outcome : done)
                        if (outcome instanceof DeleteOutcome.Deleted(var deletion, boolean existed, var _) && existed
                                && !deletion.versionId().isEmpty())
                            for (var version : PlantedVersionBugs.versions(bucket, deletion.key()))
                                forget(bucket, deletion.key(), version.versionId());
                    return done;
                });
            }
        };
    }

    static Bucket olderVersionLostOnOverwrite(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public Upload<ObjectInfo> upload(String key, PutOptions options) {
                return new OfUpload<>(bucket.upload(key, options)) {
                    @Override
                    public CompletableFuture<ObjectInfo> commit(Expected expected) {
                        var before = PlantedVersionBugs.versions(bucket, key);
                        return upload.commit(expected).thenApply(info -> {
                            if (!before.isEmpty() && !before.getFirst().versionId().equals(info.versionId()))
                                forget(bucket, key, before.getFirst().versionId());
                            return info;
                        });
                    }
                };
            }
        };
    }

    /// A copy's bytes are gone once its source is deleted.
    static Bucket copySharesTheFateOfItsSource(Bucket bucket) {
        record Version(String key, String versionId) {}
        return new OfBucket(bucket) {
            private final Map<Version, Version> sources = new HashMap<>();

            @Override
            public CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options) {
                var from = new Version(source.info().key(), source.info().versionId());
                boolean here = has(bucket, from.key(), from.versionId());
                return bucket.copy(key, source, options).thenApply(info -> {
                    var made = new Version(key, info.versionId());
                    sources.remove(made);
                    if (here && !made.equals(from))
                        sources.put(made, from);
                    return info;
                });
            }

            @Override
            public Upload<ObjectInfo> upload(String key, PutOptions options) {
                sources.remove(new Version(key, NULL_VERSION));
                return bucket.upload(key, options);
            }

            @Override
            public StoredObject get(String key, String versionId) {
                var object = bucket.get(key, versionId);
                var source = sources.get(new Version(key, object.info().versionId()));
                return source == null || has(bucket, source.key(), source.versionId()) ? object : new Zeroes(object.info());
            }
        };
    }

    static Bucket tagsLostOnOverwrite(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public Upload<ObjectInfo> upload(String key, PutOptions options) {
                return bucket.upload(key, has(bucket, key, "") ? options.withTags(Map.of()) : options);
            }
        };
    }

    /// No store takes the source for its own.
    static Bucket copyOfPartsWrittenAtOnce(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<ObjectInfo> copy(String key, StoredObject source, PutOptions options) {
                return bucket.copy(key, new OfObject(source), options);
            }
        };
    }

    static Bucket newestVersionReadForAnOlder(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public StoredObject get(String key, String versionId) {
                var object = bucket.get(key, versionId);
                return has(bucket, key, "") ? bucket.get(key) : object;
            }
        };
    }

    static Bucket malformedIdTakenForAMissingVersion(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public ObjectInfo head(String key, String versionId) {
                return bucket.head(key, versionId.equals(Sides.MALFORMED) ? missing() : versionId);
            }

            @Override
            public StoredObject get(String key, String versionId) {
                return bucket.get(key, versionId.equals(Sides.MALFORMED) ? missing() : versionId);
            }

            private static String missing() {
                return ModelVersions.id(0);
            }
        };
    }

    /// Judges a condition by the version that is named instead of the newest.
    static Bucket conditionLooksAtTheVersionNamed(Bucket bucket) {
        return deleting(bucket, deletion -> {
            if (!(deletion.condition() instanceof PutCondition.IfMatch(var etag)) || deletion.versionId().isEmpty())
                return deletion;
            return Outcome
                    .of(() -> bucket.head(deletion.key(), deletion.versionId())) instanceof Outcome.Value<ObjectInfo>(var info)
                    && (etag.equals("*") || etag.equals(info.etag()))
                            ? new Deletion(deletion.key(), deletion.versionId(), PutCondition.ALWAYS)
                            : deletion;
        });
    }

    static Bucket batchStacksMarkers(Bucket bucket) {
        return new OfBucket(bucket) {
            @Override
            public CompletableFuture<List<DeleteOutcome>> deleteAll(List<Deletion> deletions) {
                var done = new ArrayList<DeleteOutcome>();
                for (var deletion : deletions)
                    done.addAll(Outcome.await(bucket.deleteAll(List.of(deletion))));
                return CompletableFuture.completedFuture(done);
            }
        };
    }

    static VersionListing oldestFirst(Bucket bucket, VersionListRequest request) {
        var page = bucket.versions(request);
        var turned = new ArrayList<ObjectVersion>();
        int first = 0;
        for (var version : page.versions()) {
            if (!turned.isEmpty() && !turned.getLast().key().equals(version.key())
                    && !turned.get(first).key().equals(version.key()))
                first = turned.size();
            turned.add(first, version);
        }
        return new VersionListing(turned, page.commonPrefixes(), page.nextKey(), page.nextVersion());
    }

    /// The newest object is called the latest, also when a marker stands before it.
    static VersionListing newestObjectIsLatest(Bucket bucket, VersionListRequest request) {
        var page = bucket.versions(request);
        var seen = new HashSet<String>();
        var flagged = page.versions().stream().map(version -> version instanceof ObjectVersion.Stored(var info, boolean _)
                ? new ObjectVersion.Stored(info, seen.add(info.key()))
                : version).toList();
        return new VersionListing(flagged, page.commonPrefixes(), page.nextKey(), page.nextVersion());
    }

    /// What is left of an object whose bytes were taken away.
    private record Zeroes(ObjectInfo info) implements StoredObject {
        @Override
        public Pieces pieces(long offset, long length) {
            Objects.checkFromIndexSize(offset, length, info.sizeBytes());
            var rest = new ArrayList<Piece>(List.of(new Piece.Bytes(ByteBuffer.allocate((int) length))));
            return () -> rest.isEmpty() ? null : rest.removeFirst();
        }

        @Override
        public @Nullable Run part(int number) {
            return number == 1 ? new Run(0, info.sizeBytes()) : null;
        }

        @Override
        public List<Part> parts(int afterNumber, int max) {
            return List.of();
        }

        @Override
        public InputStream stream(long offset, long length) {
            Objects.checkFromIndexSize(offset, length, info.sizeBytes());
            return new ByteArrayInputStream(new byte[(int) length]);
        }

        @Override
        public byte[] readAllBytes() {
            return new byte[(int) info.sizeBytes()];
        }

        @Override
        public void close() {}
    }

    private PlantedVersionBugs() {}
}
