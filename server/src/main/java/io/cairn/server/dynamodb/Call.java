package io.cairn.server.dynamodb;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvStore;
import io.cairn.kv.Reason;
import io.cairn.kv.Table;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.server.dynamodb.wire.ErrorType;
import io.cairn.server.dynamodb.wire.Errors;
import io.cairn.server.dynamodb.wire.JsonAnswer;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.Operation;
import io.cairn.server.dynamodb.wire.RequestRefusedException;
import io.cairn.server.dynamodb.wire.Structure;
import io.cairn.server.http.Exchange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;

/// One decoded request and its answer.
record Call(Exchange exchange, Operation operation, Structure request, KvStore store, DynamoDbSettings settings,
        InstantSource clock) {
    /// For operations whose refusals tell no item.
    static final IntPredicate NO_ITEM = _ -> false;

    Instant now() {
        return clock.instant();
    }

    /// Runs on the worker pool what may touch the disk; what it throws is the answer.
    void blocking(Runnable work) {
        exchange.worker().execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                fail(e, NO_ITEM);
            }
        });
    }

    /// Of an answer's items: themselves, their JSON as it grows, and the bytes to send.
    private static final int COPIES = 4;
    static final int SMALL_BYTES = 16 << 10;

    /// Whether there is room on the heap to answer with items of so many bytes more.
    boolean takeRoom(long itemBytes) {
        return exchange.takeHeap(COPIES * itemBytes);
    }

    /// Refuses when there is not. Small answers always have room.
    void requireRoom(long itemBytes) {
        if (itemBytes > SMALL_BYTES && !takeRoom(itemBytes))
            throw noRoom();
    }

    static KvRefusedException noRoom() {
        return new KvRefusedException(Reason.OVERLOADED,
                "Rate of requests exceeds the allowed throughput: large answers wait already.");
    }

    /// Answers with what `writing` writes once `done` has completed.
    <T> void whenDone(CompletableFuture<T> done, IntPredicate tellsItem, Consumer<T> writing) {
        var _ = done.whenComplete((result, failure) -> {
            try {
                if (failure != null)
                    fail(failure, tellsItem);
                else
                    writing.accept(result);
            } catch (RuntimeException | Error e) {
                fail(e, tellsItem);
            }
        });
    }

    void answer(JsonWriter json) {
        if (json.length() > SMALL_BYTES)
            exchange.holdHeap(json.length());
        exchange.answer(JsonAnswer.of(200, json, exchange.requestId(), JsonAnswer.takesGzip(exchange.request())));
    }

    void fail(Throwable failure, IntPredicate tellsItem) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        switch (cause) {
            case KvRefusedException refused -> exchange.answer(Errors.answer(refused, tellsItem, exchange.requestId()));
            case RequestRefusedException refused -> exchange.answer(Errors.answer(refused, exchange.requestId()));
            default -> exchange.fail(cause);
        }
    }

    /// The table that a member names, by name or ARN; refused when it belongs to somebody else.
    Table table(String nameOrArn) {
        var table = named(nameOrArn);
        requireOwner(table.definition());
        return table;
    }

    /// Alters the table that a member names, as [KvStore#alterTable] does: two requests at once both take effect.
    TableDescription alter(String nameOrArn, Function<TableDescription, TableDefinition> change) {
        return store.alterTable(table(nameOrArn).definition().name(), table -> {
            requireOwner(table.definition());
            return change.apply(table);
        });
    }

    private Table named(String nameOrArn) {
        try {
            return store.table(Names.table(nameOrArn));
        } catch (KvRefusedException e) {
            throw e.reason() == Reason.NOT_FOUND ? noTable(nameOrArn, e) : e;
        }
    }

    /// The service words it in its own way for each group of operations (dynalite's tests recorded them, the slip in `ResourcArn` too).
    private RuntimeException noTable(String nameOrArn, KvRefusedException otherwise) {
        return switch (operation.name()) {
            case "PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem",
                    "TransactGetItems", "TransactWriteItems" ->
                new KvRefusedException(Reason.NOT_FOUND, "Requested resource not found");
            case "TagResource", "UntagResource", "ListTagsOfResource" ->
                new KvRefusedException(Reason.NOT_FOUND, "Requested resource not found: ResourcArn: " + nameOrArn + " not found");
            case "DescribeContinuousBackups" ->
                new RequestRefusedException(ErrorType.TABLE_NOT_FOUND, "Table not found: " + Names.table(nameOrArn));
            default -> otherwise;
        };
    }

    Table table() {
        return table(request.requiredString("TableName"));
    }

    /// Whether the caller may see and change a table.
    boolean owns(TableDefinition table) {
        var caller = exchange.principal();
        return caller.root() || Settings.owner(table).equals(caller.canonicalId());
    }

    /// Refuses when it belongs to somebody else.
    void requireOwner(TableDefinition table) {
        if (!owns(table))
            throw new RequestRefusedException(ErrorType.ACCESS_DENIED,
                    "User: arn:aws:iam::%s:user/%s is not authorized to perform: dynamodb:%s on resource: %s".formatted(
                            settings.account(), exchange.principal().displayName(), operation.name(),
                            settings.tableArn(table.name())));
    }

    /// Names of the caller's tables, in order.
    List<String> ownTables() {
        return store.tableNames().stream().filter(this::ownsNamed).toList();
    }

    private boolean ownsNamed(String name) {
        try {
            return owns(store.table(name).definition());
        } catch (KvRefusedException e) {
            return false; // deleted just now
        }
    }
}
