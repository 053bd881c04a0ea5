package io.cairn.object.testkit;

import io.cairn.object.*;
import io.cairn.replication.Damage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The object store as its interface describes it, with whole objects in memory and one lock around everything. Nothing is ever
/// lost but by [#close]; not for large objects.
public final class ModelObjectStore implements ObjectStore {
    /// Amazon S3 user guide, "General purpose bucket naming rules", as they hold everywhere since 1 March 2018.
    private static final Pattern LABELS = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");

    final long minPartBytes;
    private final InstantSource clock;
    private final TreeMap<String, ModelBucket> buckets = new TreeMap<>();
    private long uploadCount;
    private long stamp;

    /// @param minPartBytes what every part but the last has at least: [MultipartUpload#MIN_PART_BYTES], or less so that tests may
    ///     use small parts
    public ModelObjectStore(long minPartBytes, InstantSource clock) {
        this.minPartBytes = minPartBytes;
        this.clock = clock;
    }

    public ModelObjectStore(long minPartBytes) {
        this(minPartBytes, InstantSource.system());
    }

    @Override
    public synchronized Bucket createBucket(String name, String owner, Map<String, byte[]> settings) {
        if (name.length() < 3 || name.length() > 63 || !LABELS.matcher(name).matches() || ADDRESS.matcher(name).matches())
            throw new ObjectRefusedException(Reason.INVALID_BUCKET_NAME, "not a bucket name: " + name);
        if (buckets.containsKey(name))
            throw new ObjectRefusedException(Reason.BUCKET_ALREADY_EXISTS, "bucket exists: " + name);
        if (buckets.size() == MAX_BUCKETS)
            throw new ObjectRefusedException(Reason.TOO_MANY_BUCKETS, "there are " + MAX_BUCKETS + " buckets");
        var bucket = new ModelBucket(this, new BucketInfo(name, now(), owner));
        buckets.put(name, bucket);
        settings.forEach(bucket::setSetting);
        return bucket;
    }

    @Override
    public synchronized Bucket bucket(String name) {
        var bucket = buckets.get(name);
        if (bucket == null)
            throw new ObjectRefusedException(Reason.NO_SUCH_BUCKET, "no bucket " + name);
        return bucket;
    }

    @Override
    public synchronized List<BucketInfo> buckets() {
        return buckets.values().stream().map(ModelBucket::info).toList(); // names are ASCII: this is their byte order
    }

    @Override
    public synchronized void deleteBucket(String name) {
        if (bucket(name) instanceof ModelBucket bucket && !bucket.isEmpty())
            throw new ObjectRefusedException(Reason.BUCKET_NOT_EMPTY, "bucket is not empty: " + name);
        buckets.remove(name);
    }

    @Override
    public ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended) {
        return new ScrubReport(0, 0, 0, true); // it has no files
    }

    @Override
    public void close() {}

    boolean holds(ModelBucket bucket) {
        return buckets.get(bucket.info().name()) == bucket;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /// Greater than any before.
    long newStamp() {
        return ++stamp;
    }

    /// Ids whose order is that of time.
    String newUploadId() {
        return "upload-%08d".formatted(++uploadCount);
    }
}
