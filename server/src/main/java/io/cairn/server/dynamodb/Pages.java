package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.Condition;
import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.KeyCondition;
import io.cairn.kv.Legacy;
import io.cairn.kv.Page;
import io.cairn.kv.Projection;
import io.cairn.kv.Query;
import io.cairn.kv.Scan;
import io.cairn.kv.Table;
import io.cairn.server.dynamodb.wire.ErrorType;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.RequestRefusedException;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Query and Scan.
final class Pages {
    private static final List<String> QUERY = List.of("ProjectionExpression", "FilterExpression", "KeyConditionExpression");
    private static final List<String> QUERY_LEGACY = List.of("AttributesToGet", "QueryFilter", "ConditionalOperator",
            "KeyConditions");
    private static final List<String> SCAN = List.of("ProjectionExpression", "FilterExpression");
    private static final List<String> SCAN_LEGACY = List.of("AttributesToGet", "ScanFilter", "ConditionalOperator");

    private Pages() {}

    static void query(Call call) {
        var request = call.request();
        var expressions = Expressions.of(request, QUERY, QUERY_LEGACY);
        var startKey = request.item("ExclusiveStartKey");
        var keys = keyCondition(expressions);
        var filter = expressions.filter("QueryFilter");
        var projection = expressions.projection();
        expressions.placeholders().requireAllUsed();
        int limit = limit(request);
        boolean forward = !Boolean.FALSE.equals(request.bool("ScanIndexForward"));
        call.blocking(() -> {
            var table = call.table();
            var index = index(table, request);
            var wanted = Wanted.of(request, table, index, projection);
            Scalars.require(table, filter);
            Scalars.require(table, projection);
            if (filter != null) {
                requireNoKeys(request, filter, table, index);
                if (index != null)
                    requireProjected(filter, table, index);
            }
            var page = table.query(
                    new Query(request.string("IndexName"), keys, filter, forward, limit, startKey, wanted.whole));
            answer(call, table, index, page, wanted);
        });
    }

    private static KeyCondition keyCondition(Expressions expressions) {
        var text = expressions.request().string("KeyConditionExpression");
        if (text != null)
            return expressions.placeholders().keyCondition(text);
        if (!expressions.request().has("KeyConditions"))
            throw validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
        var comparisons = expressions.comparisons("KeyConditions");
        if (comparisons.isEmpty())
            throw validation("Conditions can be of length 1 or 2 only");
        return Legacy.keyConditions(comparisons);
    }

    static void scan(Call call) {
        var request = call.request();
        var expressions = Expressions.of(request, SCAN, SCAN_LEGACY);
        var startKey = request.item("ExclusiveStartKey");
        var segment = request.integer("Segment");
        var segments = request.integer("TotalSegments");
        if (segment != null && segments == null)
            throw validation(
                    "The TotalSegments parameter is required but was not present in the request when Segment parameter is present");
        if (segment == null && segments != null)
            throw validation(
                    "The Segment parameter is required but was not present in the request when parameter TotalSegments is present");
        if (segment != null && segments != null && segment >= segments)
            throw validation(
                    "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " + segment
                            + " is not less than TotalSegments: " + segments);
        var filter = expressions.filter("ScanFilter");
        var projection = expressions.projection();
        expressions.placeholders().requireAllUsed();
        int limit = limit(request);
        call.blocking(() -> {
            var table = call.table();
            var index = index(table, request);
            Scalars.require(table, filter);
            Scalars.require(table, projection);
            var wanted = Wanted.of(request, table, index, projection);
            var page = table.scan(new Scan(request.string("IndexName"), filter, limit, startKey, segment == null ? 0 : segment,
                    segments == null ? 1 : segments, wanted.whole));
            answer(call, table, index, page, wanted);
        });
    }

    private static int limit(Structure request) {
        var limit = request.integer("Limit");
        return limit == null ? 0 : limit;
    }

    private static @Nullable IndexDefinition index(Table table, Structure request) {
        var name = request.string("IndexName");
        if (name == null)
            return null;
        var index = table.definition().index(name);
        if (index == null)
            throw new RequestRefusedException(ErrorType.VALIDATION, "The table does not have the specified index: " + name);
        if (!index.isLocal() && request.isTrue("ConsistentRead"))
            throw validation("Consistent reads are not supported on global secondary indexes");
        return index;
    }

    private static void requireNoKeys(Structure request, Condition filter, Table table, @Nullable IndexDefinition index) {
        var keys = new ArrayList<>((index == null ? table.definition().key() : index.key()).names());
        keys.retainAll(filter.attributes());
        if (!keys.isEmpty())
            throw validation((request.has("FilterExpression") ? "Filter Expression" : "QueryFilter")
                    + " can only contain non-primary key attributes: Primary key attribute: " + keys.getFirst());
    }

    /// What a query filters by, its index has.
    private static void requireProjected(Condition filter, Table table, IndexDefinition index) {
        if (index.projection().kind() == IndexProjection.Kind.ALL)
            return;
        var missing = new ArrayList<>(filter.attributes());
        missing.removeAll(there(table, index));
        if (!missing.isEmpty())
            throw validation("One or more parameter values were invalid: Secondary index " + index.name()
                    + " does not project one or more filter attributes: [" + String.join(", ", missing) + "]");
    }

    /// Names that every row of the index has, if its item does.
    private static List<String> there(Table table, IndexDefinition index) {
        var there = new ArrayList<>(index.key().names());
        there.addAll(table.definition().key().names());
        there.addAll(index.projection().names());
        return there;
    }

    /// What of each item is told.
    ///
    /// @param whole whether a local index's rows stand for the table's items
    private record Wanted(boolean items, boolean whole, @Nullable Projection projection) {
        static Wanted of(Structure request, Table table, @Nullable IndexDefinition index, @Nullable Projection projection) {
            var select = request.string("Select");
            if (select != null && projection != null && !select.equals("SPECIFIC_ATTRIBUTES"))
                throw validation("Cannot specify the "
                        + (request.has("ProjectionExpression") ? "ProjectionExpression" : "AttributesToGet")
                        + " when choosing to get " + switch (select) {
                            case "COUNT" -> "only the Count";
                            case "ALL_ATTRIBUTES" -> "ALL_ATTRIBUTES";
                            default -> select;
                        });
            if ("SPECIFIC_ATTRIBUTES".equals(select) && projection == null)
                throw validation(
                        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
            if ("ALL_PROJECTED_ATTRIBUTES".equals(select) && index == null)
                throw validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
            return new Wanted(!"COUNT".equals(select), whole(select, table, index, projection), projection);
        }

        private static boolean whole(@Nullable String select, Table table, @Nullable IndexDefinition index,
                @Nullable Projection projection) {
            if (index == null || index.projection().kind() == IndexProjection.Kind.ALL)
                return false;
            if ("ALL_ATTRIBUTES".equals(select)) {
                if (!index.isLocal())
                    throw validation(
                            "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index "
                                    + index.name() + " because its projection type is not ALL");
                return true;
            }
            if (projection == null)
                return false;
            var there = there(table, index);
            if (there.containsAll(projection.attributes()))
                return false;
            if (!index.isLocal())
                throw validation(
                        "One or more parameter values were invalid: Global secondary index " + index.name()
                                + " does not project ["
                                + String.join(", ",
                                        projection.attributes().stream().filter(a -> !there.contains(a)).sorted().toList())
                                + "]");
            return true;
        }
    }

    private static void answer(Call call, Table table, @Nullable IndexDefinition index, Page page, Wanted wanted) {
        call.requireRoom(page.scannedBytes());
        var json = JsonWriter.start().beginObject();
        json.name("Count").number(page.items().size());
        if (wanted.items) {
            json.name("Items").beginArray();
            for (var item : page.items())
                Items.write(json, item, wanted.projection);
            json.endArray();
        }
        if (page.lastKey() != null)
            json.name("LastEvaluatedKey").item(page.lastKey());
        json.name("ScannedCount").number(page.scannedCount());
        Consumption.of(call.request()).page(json, table, index, page, call.request().isTrue("ConsistentRead"));
        call.answer(json.endObject());
    }
}
