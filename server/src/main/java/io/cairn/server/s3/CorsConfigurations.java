package io.cairn.server.s3;

import io.cairn.object.BucketInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The CORS rules of buckets, parsed once. Any thread. Bound: [#CAPACITY] buckets; when full, all are forgotten and read again.
final class CorsConfigurations {
    private static final int CAPACITY = 1000;

    /// @param bucket it was read of: one of the same name that was made since is another
    /// @param rules null when it has none
    record Known(BucketInfo bucket, @Nullable CorsRules rules) {}

    private final ObjectStore store;
    private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    CorsConfigurations(ObjectStore store) {
        this.store = store;
    }

    /// What is known without the disk, or null.
    @Nullable
    Known ifKnown(String bucket) {
        var there = known.get(bucket);
        if (there == null)
            return null;
        try {
            return store.bucket(bucket).info().equals(there.bucket) ? there : null;
        } catch (ObjectRefusedException e) {
            return null; // it is gone
        }
    }

    /// The rules, or null where there are none, nor such a bucket: who may know that is told by the request itself. May read the disk.
    @Nullable
    CorsRules rules(String bucket) {
        if (bucket.isEmpty())
            return null;
        var there = ifKnown(bucket);
        if (there != null)
            return there.rules;
        long before = changes.get();
        try {
            var of = store.bucket(bucket);
            var document = of.setting(BucketDocuments.CORS);
            var read = new Known(of.info(), document == null ? null : CorsRules.read(document));
            if (known.size() >= CAPACITY)
                known.clear();
            known.put(bucket, read);
            // What was read before a change must not stay behind it.
            if (changes.get() != before)
                known.remove(bucket, read);
            return read.rules;
        } catch (ObjectRefusedException e) {
            return null;
        }
    }

    /// Called behind each change, before it is answered.
    void changed(String bucket) {
        changes.incrementAndGet();
        known.remove(bucket);
    }
}
