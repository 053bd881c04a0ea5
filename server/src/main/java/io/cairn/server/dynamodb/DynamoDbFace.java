package io.cairn.server.dynamodb;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.server.dynamodb.wire.ErrorType;
import io.cairn.server.dynamodb.wire.Errors;
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
        return Errors.answer(refusal, requestId);
    }

    @Override
    public void serve(Exchange exchange) {
        try {
            if (exchange.principal().anonymous())
                throw new RequestRefusedException(ErrorType.MISSING_AUTHENTICATION_TOKEN,
                        "Request is missing Authentication Token");
            var target = exchange.request().headers().get("X-Amz-Target");
            var operation = target == null ? null : model.operation(target);
            if (operation == null)
                throw new RequestRefusedException(ErrorType.UNKNOWN_OPERATION, null);
            var _ = exchange.body(RequestDecoder.MAX_BYTES).whenComplete((body, failure) -> {
                if (failure != null)
                    exchange.fail(failure);
                else
                    serve(exchange, operation, body);
            });
        } catch (RequestRefusedException e) {
            exchange.answer(Errors.answer(e, exchange.requestId()));
        }
    }

    private void serve(Exchange exchange, Operation operation, byte[] body) {
        try {
            dispatch(new Call(exchange, operation, RequestDecoder.decode(operation, body), store, settings, clock));
        } catch (RequestRefusedException e) {
            exchange.answer(Errors.answer(e, exchange.requestId()));
        } catch (KvRefusedException e) {
            exchange.answer(Errors.answer(e, Call.NO_ITEM, exchange.requestId()));
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    /// Every operation that is served, and where.
    private void dispatch(Call call) {
        switch (call.operation().name()) {
            case "PutItem" -> Items.put(call);
            case "GetItem" -> Items.get(call);
            case "UpdateItem" -> Items.update(call);
            case "DeleteItem" -> Items.delete(call);
            case "Query" -> Pages.query(call);
            case "Scan" -> Pages.scan(call);
            case "BatchGetItem" -> Batches.get(call);
            case "BatchWriteItem" -> Batches.write(call);
            case "TransactGetItems" -> Transactions.get(call);
            case "TransactWriteItems" -> Transactions.write(call);
            case "CreateTable" -> call.blocking(() -> Tables.create(call));
            case "DescribeTable" -> call.blocking(() -> Tables.describe(call));
            case "UpdateTable" -> call.blocking(() -> Tables.update(call));
            case "DeleteTable" -> call.blocking(() -> Tables.delete(call));
            case "ListTables" -> call.blocking(() -> Tables.list(call));
            case "TagResource" -> call.blocking(() -> Tags.tag(call));
            case "UntagResource" -> call.blocking(() -> Tags.untag(call));
            case "ListTagsOfResource" -> call.blocking(() -> Tags.list(call));
            case "UpdateTimeToLive" -> call.blocking(() -> TimeToLive.update(call));
            case "DescribeTimeToLive" -> call.blocking(() -> TimeToLive.describe(call));
            case "DescribeContinuousBackups" -> call.blocking(() -> Constants.continuousBackups(call));
            case "DescribeLimits" -> Constants.limits(call);
            case "DescribeEndpoints" -> Constants.endpoints(call);
            case "ListStreams" -> call.blocking(() -> streams.list(call));
            case "DescribeStream" -> call.blocking(() -> streams.describe(call));
            case "GetShardIterator" -> call.blocking(() -> streams.iterator(call));
            case "GetRecords" -> call.blocking(() -> streams.records(call));
            default -> throw new RequestRefusedException(ErrorType.UNKNOWN_OPERATION,
                    call.operation().name() + " is not served");
        }
    }
}
