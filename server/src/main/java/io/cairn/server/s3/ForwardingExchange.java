package io.cairn.server.s3;

import io.cairn.server.http.Answer;
import io.cairn.server.http.BodyReceiver;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Request;
import io.cairn.server.iam.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// An exchange that is another one but for what a subclass changes.
abstract class ForwardingExchange implements Exchange {
    private final Exchange exchange;

    ForwardingExchange(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public Request request() {
        return exchange.request();
    }

    @Override
    public Principal principal() {
        return exchange.principal();
    }

    @Override
    public String requestId() {
        return exchange.requestId();
    }

    @Override
    public CompletableFuture<byte[]> body(int limitBytes) {
        return exchange.body(limitBytes);
    }

    @Override
    public void receive(BodyReceiver receiver) {
        exchange.receive(receiver);
    }

    @Override
    public Executor worker() {
        return exchange.worker();
    }

    @Override
    public void answer(Answer answer) {
        exchange.answer(answer);
    }

    @Override
    public void fail(Throwable failure) {
        exchange.fail(failure);
    }

    @Override
    public boolean takeHeap(long bytes) {
        return exchange.takeHeap(bytes);
    }

    @Override
    public void holdHeap(long bytes) {
        exchange.holdHeap(bytes);
    }

    @Override
    public void onEnd(Runnable action) {
        exchange.onEnd(action);
    }
}
