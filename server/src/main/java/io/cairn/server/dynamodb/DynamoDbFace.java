package io.cairn.server.dynamodb;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.server.dynamodb.wire.ErrorType;
import io.cairn.server.dynamodb.wire.Errors;
import io.cairn.server.dynamodb.wire.JsonAnswer;
import io.cairn.server.dynamodb.wire.Model;
import io.cairn.server.dynamodb.wire.Operation;
import io.cairn.server.dynamodb.wire.RequestDecoder;
import io.cairn.server.dynamodb.wire.RequestRefusedException;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Face;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Request;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Amazon DynamoDB's protocol (API reference, 2012-08-10) and that of its streams, over a store. Tables belong to those who made them: others
/// are denied; root may do all. An operation of the model that is not served is answered with `UnknownOperationException`, which says so.
///
/// Bodies are decoded on the event loop, and what memory has is answered from there; whatever may touch the disk runs on the worker pool.
public final class DynamoDbFace implements Face {
    private final Model model = Model.load();
    private final KvStore store;
    private final DynamoDbSettings settings;
    private final InstantSource clock;
    private final Streams streams;

    public DynamoDbFace(KvStore store, DynamoDbSettings settings, InstantSource clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.streams = new Streams(clock);
    }

    @Override
    public String service() {
        return "dynamodb";
    }

    @Override
    public Answer refusal(Request request, String requestId, Refusal refusal) {
        return Errors.answer(request, refusal, requestId);
    }

    @Override
    public void serve(Exchange exchange) {
        var request = exchange.request();
        if (!request.method().equals("POST") || !isJson(request)) {
            exchange.answer(Errors.noSuchPage(exchange.requestId()));
            return;
        }
        try {
            var operation = operation(request);
            if (exchange.principal().anonymous())
                throw new RequestRefusedException(ErrorType.MISSING_AUTHENTICATION_TOKEN,
                        "Request is missing Authentication Token");
            var handler = handler(operation);
            var _ = exchange.body(RequestDecoder.MAX_BYTES).whenComplete((body, failure) -> {
                if (failure != null)
                    exchange.fail(failure);
                else
                    serve(exchange, operation, handler, body);
            });
        } catch (RequestRefusedException e) {
            exchange.answer(Errors.answer(e, exchange.requestId()));
        }
    }

    /// Two types are taken, just as they are; a request without a body needs none.
    private static boolean isJson(Request request) {
        var type = request.headers().get("Content-Type");
        return type == null
                ? request.contentLength() <= 0
                : type.equals(JsonAnswer.CONTENT_TYPE) || type.equals("application/json");
    }

    private Operation operation(Request request) {
        var target = request.headers().get("X-Amz-Target");
        var operation = target == null ? null : model.operation(target);
        if (operation == null)
            throw new RequestRefusedException(ErrorType.UNKNOWN_OPERATION, null);
        return operation;
    }

    private void serve(Exchange exchange, Operation operation, Consumer<Call> handler, byte[] body) {
        try {
            handler.accept(new Call(exchange, operation, RequestDecoder.decode(operation, body), store, settings, clock));
        } catch (RequestRefusedException e) {
            exchange.answer(Errors.answer(e, exchange.requestId()));
        } catch (KvRefusedException e) {
            exchange.answer(Errors.answer(e, Call.NO_ITEM, exchange.requestId()));
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    /// Every operation that is served, and where; refused when it is not, whatever the request asks.
    private Consumer<Call> handler(Operation operation) {
        return switch (operation.name()) {
            case "PutItem" -> Items::put;
            case "GetItem" -> Items::get;
            case "UpdateItem" -> Items::update;
            case "DeleteItem" -> Items::delete;
            case "Query" -> Pages::query;
            case "Scan" -> Pages::scan;
            case "BatchGetItem" -> Batches::get;
            case "BatchWriteItem" -> Batches::write;
            case "TransactGetItems" -> Transactions::get;
            case "TransactWriteItems" -> Transactions::write;
            case "CreateTable" -> blocking(Tables::create);
            case "DescribeTable" -> blocking(Tables::describe);
            case "UpdateTable" -> blocking(Tables::update);
            case "DeleteTable" -> blocking(Tables::delete);
            case "ListTables" -> blocking(Tables::list);
            case "TagResource" -> blocking(Tags::tag);
            case "UntagResource" -> blocking(Tags::untag);
            case "ListTagsOfResource" -> blocking(Tags::list);
            case "UpdateTimeToLive" -> blocking(TimeToLive::update);
            case "DescribeTimeToLive" -> blocking(TimeToLive::describe);
            case "DescribeContinuousBackups" -> blocking(Constants::continuousBackups);
            case "DescribeLimits" -> Constants::limits;
            case "DescribeEndpoints" -> Constants::endpoints;
            case "ListStreams" -> blocking(streams::list);
            case "DescribeStream" -> blocking(streams::describe);
            case "GetShardIterator" -> blocking(streams::iterator);
            case "GetRecords" -> blocking(streams::records);
            default -> throw new RequestRefusedException(ErrorType.UNKNOWN_OPERATION, operation.name() + " is not served");
        };
    }

    private static Consumer<Call> blocking(Consumer<Call> work) {
        return call -> call.blocking(() -> work.accept(call));
    }
}
