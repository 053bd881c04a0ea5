package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.object.Bucket;
import io.cairn.object.Expected;
import io.cairn.object.ListRequest;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectStore;
import io.cairn.object.PutOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A listing with a delimiter costs by the number of common prefixes, however many keys stand behind them. What is counted is the
/// store's seeks, so the result does not depend on the machine.
final class ListingSeeksTest {
    private static final List<String> PREFIXES = List.of("films/", "photos/", "texts/");
    private static final int MAX_SEEKS = 10;
    /// Puts under way at once: enough for one sync to serve many.
    private static final int UNDER_WAY = 2000;

    @TempDir
    Path directory;

    @Test
    void threePrefixesOfThirtyThousandKeys() {
        listsInFewSeeks(30_000);
    }

    @Test
    @Tag("long")
    void threePrefixesOfAMillionKeys() {
        listsInFewSeeks(1_000_000);
    }

    private void listsInFewSeeks(int keys) {
        try (var store = (LogObjectStore) ObjectStore.open(directory)) {
            var bucket = store.createBucket("wide");
            fill(bucket, keys);
            var counted = store.log().store();

            long before = counted.seeks();
            var page = bucket.list(new ListRequest("", "/", "", ListRequest.MAX));
            long seeks = counted.seeks() - before;
            System.out.println("listing of " + keys + " keys under " + PREFIXES.size() + " prefixes: " + seeks + " seeks");
            assertEquals(PREFIXES, page.commonPrefixes());
            assertEquals(List.of(), page.objects());
            assertTrue(seeks > 0 && seeks <= MAX_SEEKS, "seeks: " + seeks);

            before = counted.seeks();
            assertEquals(PREFIXES, onePrefixAPage(bucket));
            seeks = counted.seeks() - before;
            assertTrue(seeks > 0 && seeks <= MAX_SEEKS, "seeks in pages of one: " + seeks);

            before = counted.seeks();
            assertEquals(keys, countedOneByOne(bucket));
            seeks = counted.seeks() - before;
            assertTrue(seeks <= keys / ListRequest.MAX + 1, "a page without delimiter needs one seek: " + seeks);
        }
    }

    private static void fill(Bucket bucket, int keys) {
        var underWay = new ArrayDeque<CompletableFuture<ObjectInfo>>(UNDER_WAY);
        for (int i = 0; i < keys; i++) {
            if (underWay.size() == UNDER_WAY)
                end(underWay, UNDER_WAY / 2);
            var key = PREFIXES.get(i % PREFIXES.size()) + i % 100 + "/" + i;
            try (var upload = bucket.upload(key, PutOptions.DEFAULT)) {
                upload.write(ByteBuffer.wrap(new byte[]{(byte) i}));
                underWay.add(upload.commit(Expected.NOTHING));
            }
        }
        end(underWay, 0);
    }

    private static void end(Queue<CompletableFuture<ObjectInfo>> underWay, int left) {
        while (underWay.size() > left)
            underWay.remove().join();
    }

    private static List<String> onePrefixAPage(Bucket bucket) {
        var prefixes = new ArrayList<String>();
        var after = "";
        do {
            var page = bucket.list(new ListRequest("", "/", after, 1));
            prefixes.addAll(page.commonPrefixes());
            after = page.next();
        } while (!after.isEmpty());
        return prefixes;
    }

    private static int countedOneByOne(Bucket bucket) {
        int count = 0;
        var after = "";
        do {
            var page = bucket.list(new ListRequest("", "", after, ListRequest.MAX));
            count += page.objects().size();
            after = page.next();
        } while (!after.isEmpty());
        return count;
    }
}
