package io.cairn.object.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.*;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.testkit.KeyCall.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Clients that write, read, copy and delete a few keys of one bucket at once, and note when each call was made and answered.
///
/// A copy is two calls: a read of the source when it is opened, and a write of the target. What a client reads it checks to be whole: the
/// bytes have the ETag that came with them.
final class ConcurrentClients {
    private static final List<String> KEYS = List.of("a", "b", "c");

    private final Bucket bucket;
    private final int client;
    private final SplittableRandom random;
    private final List<TimedCall> calls = new ArrayList<>();
    /// What this client last saw at each key.
    private final Map<String, String> seen = new HashMap<>();

    private ConcurrentClients(Bucket bucket, int client, long seed) {
        this.bucket = bucket;
        this.client = client;
        this.random = new SplittableRandom(seed * 31 + client);
    }

    /// All calls of so many clients, each of which makes so many in its own order. The bucket is empty to begin with.
    static List<TimedCall> run(Bucket bucket, int clients, int callsEach, long seed) {
        var begin = new CyclicBarrier(clients);
        var running = new ArrayList<Callable<List<TimedCall>>>();
        for (int i = 0; i < clients; i++) {
            var client = new ConcurrentClients(bucket, i, seed);
            running.add(() -> {
                begin.await();
                for (int n = 0; n < callsEach; n++)
                    client.call(n);
                return client.calls;
            });
        }
        var all = new ArrayList<TimedCall>();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            for (var done : threads.invokeAll(running))
                all.addAll(done.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        return all;
    }

    private void call(int number) {
        var key = KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(21)) {
            case 0, 1, 2, 3 -> put(key, number, PutCondition.ALWAYS);
            case 4, 5 -> put(key, number, PutCondition.IF_ABSENT);
            case 6, 7 -> put(key, number, ifMatch(key));
            case 8 -> complete(key, number, random.nextBoolean() ? ifMatch(key) : PutCondition.IF_ABSENT);
            case 9, 10, 11, 12 -> get(key);
            case 13, 14 -> head(key);
            case 15 -> list(key);
            case 16, 17 -> delete(key, PutCondition.ALWAYS);
            case 18 -> delete(key, ifMatch(key));
            case 19 -> copy(key, KEYS.get(random.nextInt(KEYS.size())));
            case 20 -> rename(key, KEYS.get(random.nextInt(KEYS.size())));
            default -> throw new IllegalStateException();
        }
    }

    private PutCondition ifMatch(String key) {
        return new PutCondition.IfMatch(random.nextInt(8) == 0 ? "*" : seen.getOrDefault(key, "0"));
    }

    private void note(String key, KeyCall call, long invoked) {
        calls.add(new TimedCall(client, key, call, invoked, System.nanoTime()));
    }

    /// No two are alike; of every size class now and then.
    private byte[] content(int number) {
        var text = ("client " + client + " call " + number + " ").getBytes(UTF_8);
        int size = switch (random.nextInt(12)) {
            case 0 -> 300_000;
            case 1, 2 -> 5000;
            default -> text.length;
        };
        return Arrays.copyOf(text, size);
    }

    private static String etag(byte[] bytes) {
        return HexFormat.of().formatHex(ModelDigests.md5(bytes));
    }

    private void put(String key, int number, PutCondition condition) {
        var bytes = content(number);
        var options = PutOptions.DEFAULT.withCondition(condition);
        long invoked = System.nanoTime();
        var outcome = Outcome.of(() -> bucket.put(key, bytes, options));
        written(key, etag(bytes), condition, outcome, invoked);
    }

    private void written(String key, String etag, PutCondition condition, Outcome<ObjectInfo> outcome, long invoked) {
        switch (outcome) {
            case Outcome.Value<ObjectInfo>(var info) -> {
                assertEquals(etag, info.etag());
                note(key, new KeyCall.Write(etag, condition, Answer.DONE), invoked);
                seen.put(key, etag);
            }
            case Outcome.Refused<ObjectInfo>(var reason, var _) ->
                note(key, new KeyCall.Write(etag, condition, Answer.of(reason)), invoked);
        }
    }

    private void complete(String key, int number, PutCondition condition) {
        var bytes = content(number);
        var upload = bucket.createMultipart(key, PutOptions.DEFAULT);
        var part = Outcome.await(ObjectSteps.write(upload.part(1), bytes, 65_536, Expected.NOTHING));
        long invoked = System.nanoTime();
        var outcome = Outcome
                .ofFuture(() -> upload.complete(List.of(new CompletedPart(1, part.etag(), null)), Expected.NOTHING, condition));
        written(key, etag(ModelDigests.md5(bytes)) + "-1", condition, outcome, invoked);
    }

    private void get(String key) {
        long invoked = System.nanoTime();
        var outcome = Outcome.of(() -> bucket.get(key));
        read(key, outcome instanceof Outcome.Value<StoredObject>(var object) ? Outcome.of(object::info) : refused(outcome),
                invoked);
        if (outcome instanceof Outcome.Value<StoredObject>(var object))
            try (object) {
                whole(object);
            }
    }

    private static void whole(StoredObject object) {
        var bytes = object.readAllBytes();
        var md5 = object.info().partCount() == 0 ? etag(bytes) : etag(ModelDigests.md5(bytes)) + "-1";
        assertEquals(object.info().etag(), md5, "the bytes are not those of the ETag");
    }

    private static Outcome<ObjectInfo> refused(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?>(var reason, var marker)
                ? new Outcome.Refused<>(reason, marker)
                : fail("not refused: " + outcome);
    }

    private void head(String key) {
        long invoked = System.nanoTime();
        read(key, Outcome.of(() -> bucket.head(key)), invoked);
    }

    private void list(String key) {
        long invoked = System.nanoTime();
        var page = bucket.list(new ListRequest(key, "", "", 1));
        var there = page.objects().isEmpty() ? KeyCall.NONE : page.objects().getFirst().etag();
        note(key, new KeyCall.Read(there), invoked);
    }

    private void read(String key, Outcome<ObjectInfo> outcome, long invoked) {
        switch (outcome) {
            case Outcome.Value<ObjectInfo>(var info) -> {
                note(key, new KeyCall.Read(info.etag()), invoked);
                seen.put(key, info.etag());
            }
            case Outcome.Refused<ObjectInfo>(var reason, var _) -> {
                assertEquals(Reason.NO_SUCH_KEY, reason);
                note(key, new KeyCall.Read(KeyCall.NONE), invoked);
            }
        }
    }

    private void delete(String key, PutCondition condition) {
        long invoked = System.nanoTime();
        var outcome = Outcome.ofFuture(() -> bucket.delete(new Deletion(key, "", condition)));
        note(key, switch (outcome) {
            case Outcome.Value<DeleteOutcome.Deleted>(var done) -> new KeyCall.Delete(condition, done.existed(), Answer.DONE);
            case Outcome.Refused<DeleteOutcome.Deleted>(var reason, var _) ->
                new KeyCall.Delete(condition, false, Answer.of(reason));
        }, invoked);
    }

    /// At one instant a deletion of the one key, and a write of the other.
    private void rename(String from, String to) {
        var etag = seen.get(from);
        if (etag == null || from.equals(to))
            return;
        var condition = new PutCondition.IfMatch(etag);
        long invoked = System.nanoTime();
        var outcome = Outcome.ofFuture(() -> bucket.rename(from, condition, to, PutCondition.ALWAYS));
        switch (outcome) {
            case Outcome.Value<ObjectInfo> _ -> {
                note(from, new KeyCall.Delete(condition, true, Answer.DONE), invoked);
                written(to, etag, PutCondition.ALWAYS, outcome, invoked);
            }
            case Outcome.Refused<ObjectInfo>(var reason, var _) ->
                note(from, new KeyCall.Delete(condition, false, Answer.of(reason)), invoked);
        }
    }

    private void copy(String from, String to) {
        long opened = System.nanoTime();
        var outcome = Outcome.of(() -> bucket.get(from));
        read(from, outcome instanceof Outcome.Value<StoredObject>(var object) ? Outcome.of(object::info) : refused(outcome),
                opened);
        if (!(outcome instanceof Outcome.Value<StoredObject>(var source)))
            return;
        try (source) {
            long invoked = System.nanoTime();
            var copied = Outcome.ofFuture(() -> bucket.copy(to, source, PutOptions.DEFAULT));
            if (!(copied instanceof Outcome.Refused<ObjectInfo>(var reason, var _)) || reason != Reason.CONFLICT)
                written(to, source.info().etag(), PutCondition.ALWAYS, copied, invoked);
        }
    }
}
