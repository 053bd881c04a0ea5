package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.BucketInfo;
import io.cairn.object.ObjectStore;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.iam.Principal;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request to the S3 face: what it is about, and how it is answered. Failures of every kind end in [#fail].
record S3Call(Exchange exchange, Address address, Query query, ObjectStore store, S3Settings settings,
        FreeSpace space) {
    HttpHeaders headers() {
        return exchange.request().headers();
    }

    Principal principal() {
        return exchange.principal();
    }

    String key() {
        return address.key();
    }

    /// The bucket the request is about, which is the caller's own (root owns all): else `NoSuchBucket` or `AccessDenied`.
    Bucket bucket() {
        var bucket = bucket(address.bucket());
        requireOwner("x-amz-expected-bucket-owner");
        return bucket;
    }

    /// Whoever names the account that must own a bucket, in this header, names the one account there is.
    void requireOwner(String header) {
        var expected = headers().get(header);
        if (expected != null && !expected.equals(settings.account()))
            throw Refusals.accessDenied();
    }

    Bucket bucket(String name) {
        var bucket = store.bucket(name);
        if (!owns(bucket.info()))
            throw Refusals.accessDenied();
        return bucket;
    }

    boolean owns(BucketInfo bucket) {
        return principal().root() || (!principal().anonymous() && principal().canonicalId().equals(bucket.owner()));
    }

    void requireSigned() {
        if (principal().anonymous())
            throw Refusals.accessDenied();
    }

    void answer(Answer answer) {
        exchange.answer(answer);
    }

    void fail(Throwable failure) {
        boolean conditional = headers().contains("if-match") || headers().contains("if-none-match");
        exchange.fail(Refusals.translated(failure, address, conditional));
    }

    /// Does what may block on the worker pool, and answers.
    void onWorker(Supplier<Answer> work) {
        runOnWorker(() -> exchange.answer(work.get()));
    }

    void runOnWorker(Runnable work) {
        exchange.worker().execute(() -> guarded(work));
    }

    void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /// Answers when `done` is; on the thread that completes it, so `answer` must be quick.
    <T extends @Nullable Object> void answerWhen(CompletableFuture<T> done, Function<T, Answer> answer) {
        var _ = done.whenComplete((value, failure) -> {
            if (failure != null)
                fail(failure);
            else
                guarded(() -> exchange.answer(answer.apply(value)));
        });
    }
}
