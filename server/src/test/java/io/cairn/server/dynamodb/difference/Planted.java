package io.cairn.server.dynamodb.difference;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A server with one thing wrong in its answers.
record Planted(Subject subject, Fault fault) implements Subject {
    enum Fault {
        /// One row more than was looked at.
        SCANNED_COUNT("Query") {
            @Override
            Answer spoil(Answer answer) {
                return pages(answer, page -> {
                    page.put("ScannedCount", Tree.number(page.get("ScannedCount")).add(BigDecimal.ONE));
                    return page;
                });
            }
        },
        /// The items of a page in the other order.
        ORDER("Query") {
            @Override
            Answer spoil(Answer answer) {
                return pages(answer, page -> {
                    page.put("Items", Tree.list(page.get("Items")).reversed());
                    return page;
                });
            }
        },
        /// Half a unit too much.
        READ_UNITS("GetItem") {
            @Override
            Answer spoil(Answer answer) {
                var consumed = Tree.map(answer.body().get("ConsumedCapacity"));
                if (consumed.isEmpty())
                    return answer;
                consumed.put("CapacityUnits", Tree.number(consumed.get("CapacityUnits")).add(new BigDecimal("0.5")));
                return answer.with("ConsumedCapacity", consumed);
            }
        },
        /// Units of the indexes are not told.
        INDEX_UNITS("PutItem") {
            @Override
            Answer spoil(Answer answer) {
                var consumed = Tree.map(answer.body().get("ConsumedCapacity"));
                consumed.remove("LocalSecondaryIndexes");
                return consumed.isEmpty() ? answer : answer.with("ConsumedCapacity", consumed);
            }
        },
        COLLECTIONS("PutItem") {
            @Override
            Answer spoil(Answer answer) {
                return answer.with("ItemCollectionMetrics", null);
            }
        },
        UNPROCESSED_KEYS("BatchGetItem") {
            @Override
            Answer spoil(Answer answer) {
                return answer.with("UnprocessedKeys", null);
            }
        },
        /// The item of a condition that failed.
        FAILED_ITEM("UpdateItem") {
            @Override
            Answer spoil(Answer answer) {
                return answer.with("Item", null);
            }
        },
        /// A word of an error's text.
        TEXT("PutItem") {
            @Override
            Answer spoil(Answer answer) {
                return answer.message().startsWith("The conditional request")
                        ? answer.with("message", "The conditional request has failed")
                        : answer;
            }
        },
        STATUS("DeleteItem") {
            @Override
            Answer spoil(Answer answer) {
                return answer.status() == 400 ? new Answer(500, answer.body()) : answer;
            }
        },
        /// The reasons of a cancelled transaction in the other order.
        REASONS("TransactWriteItems") {
            @Override
            Answer spoil(Answer answer) {
                var reasons = new ArrayList<@Nullable Object>(Tree.list(answer.body().get("CancellationReasons"))).reversed();
                return reasons.isEmpty() ? answer : answer.with("CancellationReasons", reasons);
            }
        },
        /// What is said to be deleted stays.
        LOST_DELETE("DeleteItem") {
            @Override
            Answer spoil(Answer answer) {
                return answer;
            }
        };

        private final String operation;

        Fault(String operation) {
            this.operation = operation;
        }

        abstract Answer spoil(Answer answer);

        private static Answer pages(Answer answer, UnaryOperator<Map<String, @Nullable Object>> change) {
            return answer.isOk()
                    ? Answer.ofPages(answer.pages().stream().map(page -> new Answer(200, change.apply(page))).toList())
                    : answer;
        }
    }

    @Override
    public Answer send(Request request) throws IOException {
        if (!request.operation().equals(fault.operation))
            return subject.send(request);
        if (fault == Fault.LOST_DELETE && request.body().keySet().equals(Set.of("TableName", "Key")))
            return new Answer(200, Map.of());
        return fault.spoil(subject.send(request));
    }

    @Override
    public void clear(TableShape table) throws IOException {
        subject.clear(table);
    }

    @Override
    public void drop(String prefix) throws IOException {
        subject.drop(prefix);
    }
}
