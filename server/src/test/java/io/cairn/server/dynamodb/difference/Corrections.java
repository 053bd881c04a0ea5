package io.cairn.server.dynamodb.difference;

import io.cairn.server.dynamodb.difference.Json.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What turns DynamoDB Local's answer into the service's. Each is for one cause, and gives null where that is not met.
final class Corrections {
    private static final String UNSUPPORTED = "The update expression attempted to update the secondary index key to unsupported type";
    /// What an item to put can never be; nothing is read before this is said.
    private static final String NEVER = "One or more parameter values (were invalid|are not valid).*|Item size has exceeded the maximum allowed size";
    /// What an item of a transaction may have wrong; of several each server names another.
    private static final String MISTAKE = NEVER + "|" + UNSUPPORTED + "|" + Deliberate.OF_AN_UPDATE;
    private static final String LOCAL_MISTAKE = MISTAKE + "|Invalid attribute value type";
    private static final String CONSUMED = "ConsumedCapacity";
    private static final Set<String> ERROR_MEMBERS = Set.of("__type", "message", "Message");

    interface Correction {
        @Nullable
        Answer of(Pair pair);
    }

    private Corrections() {}

    /// One text for another, each the whole of it: the mistake is the same, and an error has nothing else to say.
    ///
    /// @param local `ok`, or the error's name, `: ` and its message
    /// @param service the same; what is in `<` and `>` must be what it is in Local's text or the request's
    static Correction text(String local, String service) {
        var from = Pattern.compile(local, Pattern.DOTALL);
        var to = Pattern.compile(service, Pattern.DOTALL);
        return pair -> {
            var found = from.matcher(pair.local().line());
            var cairn = pair.cairn();
            if (!found.matches() || !cairn.isOk() && !ERROR_MEMBERS.containsAll(cairn.body().keySet()))
                return null;
            var told = to.matcher(cairn.line());
            return told.matches() && sameGroups(found, told) ? cairn : null;
        };
    }

    /// Groups of the same name have the same text.
    private static boolean sameGroups(Matcher one, Matcher other) {
        for (var name : one.namedGroups().keySet())
            if (other.namedGroups().containsKey(name) && !Objects.equals(one.group(name), other.group(name)))
                return false;
        return true;
    }

    static Correction validation(String local, String service) {
        return text("ValidationException: " + local, "ValidationException: " + service);
    }

    /// Local has the service's text without its end.
    static Correction shortened(String local, String end) {
        return validation("(?<same>" + local + ")", "(?<same>" + local + ")" + end);
    }

    /// Of every page of a walk, or of the answer itself.
    static @Nullable Answer eachPage(Answer answer, UnaryOperator<Map<String, @Nullable Object>> change) {
        if (!answer.isOk())
            return null;
        if (!answer.body().containsKey(Answer.PAGES))
            return new Answer(200, change.apply(Tree.map(answer.body())));
        return Answer.ofPages(answer.pages().stream().map(page -> new Answer(200, change.apply(page))).toList());
    }

    /// A page without rows is counted as the smallest read.
    static @Nullable Answer emptyRead(Pair pair) {
        if (!pair.request().walks())
            return null;
        boolean consistent = Boolean.TRUE.equals(pair.request().body().get("ConsistentRead"));
        var smallest = new BigDecimal(consistent ? "1.0" : "0.5");
        return eachPage(pair.local(), page -> {
            if (Tree.number(page.get("ScannedCount")).signum() == 0 && page.containsKey(CONSUMED))
                page.put(CONSUMED, units(Tree.map(page.get(CONSUMED)), smallest, pair.request().text("IndexName")));
            return page;
        });
    }

    private static Map<String, @Nullable Object> units(Map<String, @Nullable Object> consumed, BigDecimal units,
            @Nullable String index) {
        consumed.put("CapacityUnits", units);
        if (!consumed.containsKey("Table"))
            return consumed;
        for (var scope : List.of("LocalSecondaryIndexes", "GlobalSecondaryIndexes"))
            if (consumed.containsKey(scope) && index != null)
                consumed.put(scope, Map.of(index, Map.of("CapacityUnits", units)));
        if (index == null)
            consumed.put("Table", Map.of("CapacityUnits", units));
        return consumed;
    }

    /// Keys of a batch under which there is nothing are counted too: 0.5 each, or 1.
    static @Nullable Answer missingInBatch(Pair pair) {
        if (!pair.request().operation().equals("BatchGetItem") || !pair.local().isOk()
                || !pair.local().body().containsKey(CONSUMED))
            return null;
        var all = new ArrayList<@Nullable Object>();
        for (var consumed : Tree.maps(pair.local().body().get(CONSUMED))) {
            var name = String.valueOf(consumed.get("TableName"));
            var wanted = Tree.map(Tree.map(pair.request().body().get("RequestItems")).get(name));
            int found = Tree.list(Tree.map(pair.local().body().get("Responses")).get(name)).size();
            var each = new BigDecimal(Boolean.TRUE.equals(wanted.get("ConsistentRead")) ? "1" : "0.5");
            var more = each.multiply(BigDecimal.valueOf(Tree.list(wanted.get("Keys")).size() - (long) found));
            all.add(added(consumed, more));
        }
        return pair.local().with(CONSUMED, all);
    }

    private static Map<String, @Nullable Object> added(Map<String, @Nullable Object> consumed, BigDecimal more) {
        consumed.put("CapacityUnits", Tree.number(consumed.get("CapacityUnits")).add(more));
        if (consumed.containsKey("Table"))
            consumed.put("Table", added(Tree.map(consumed.get("Table")), more));
        return consumed;
    }

    /// The table's units by their kind, as the sum has them.
    static @Nullable Answer tableReadUnits(Pair pair) {
        if (!pair.request().operation().equals("TransactGetItems") || !pair.local().isOk())
            return null;
        var all = new ArrayList<@Nullable Object>();
        for (var consumed : Tree.maps(pair.local().body().get(CONSUMED))) {
            var table = Tree.map(consumed.get("Table"));
            if (consumed.containsKey("Table")) {
                table.put("ReadCapacityUnits", table.get("CapacityUnits"));
                consumed.put("Table", table);
            }
            all.add(consumed);
        }
        return all.isEmpty() ? null : pair.local().with(CONSUMED, all);
    }

    /// Cairn's units of a transaction's writes, when they add up: two for each write at least, even, and the sum of their parts.
    static @Nullable Answer transactionUnits(Pair pair) {
        var units = pair.cairn().body().get(CONSUMED);
        if (!pair.request().operation().equals("TransactWriteItems") || !pair.local().isOk()
                || !pair.local().body().containsKey(CONSUMED)
                || units == null)
            return null;
        int writes = Tree.list(pair.request().body().get("TransactItems")).size();
        var total = BigDecimal.ZERO;
        for (var consumed : Tree.maps(units)) {
            total = total.add(Tree.number(consumed.get("CapacityUnits")));
            if (!addsUp(consumed))
                return null;
        }
        return total.compareTo(BigDecimal.valueOf(2L * writes)) < 0 ? null : pair.local().with(CONSUMED, units);
    }

    private static boolean addsUp(Map<String, @Nullable Object> consumed) {
        var total = Tree.number(consumed.get("CapacityUnits"));
        boolean even = total.remainder(BigDecimal.TWO).signum() == 0;
        var kind = consumed.containsKey("WriteCapacityUnits") ? "WriteCapacityUnits" : "ReadCapacityUnits";
        if (!even || total.compareTo(Tree.number(consumed.get(kind))) != 0)
            return false;
        if (!consumed.containsKey("Table"))
            return true;
        var sum = Tree.number(Tree.map(consumed.get("Table")).get(kind));
        for (var scope : List.of("LocalSecondaryIndexes", "GlobalSecondaryIndexes"))
            for (var index : Tree.map(consumed.get(scope)).values())
                sum = sum.add(Tree.number(Tree.map(index).get(kind)));
        return sum.compareTo(total) == 0;
    }

    /// The collections that the writes modified, where the table has local indexes.
    static @Nullable Answer collections(Pair pair) {
        if (!pair.local().isOk() || !"SIZE".equals(pair.request().body().get("ReturnItemCollectionMetrics")))
            return null;
        var told = pair.cairn().body().get("ItemCollectionMetrics");
        return new Collections(pair).allow(told) ? pair.local().with("ItemCollectionMetrics", told) : null;
    }

    /// A page that ended at its limit has the key where it stopped, and one without rows comes after it.
    static @Nullable Answer stoppedAtLimit(Pair pair) {
        var local = pair.local().pages();
        var cairn = pair.cairn().pages();
        var limit = pair.request().body().get("Limit");
        if (limit == null || local.isEmpty() || cairn.size() != local.size() + 1)
            return null;
        var last = local.getLast();
        boolean full = Tree.number(last.get("ScannedCount")).compareTo(Tree.number(limit)) == 0;
        if (!full || Tree.number(cairn.getLast().get("ScannedCount")).signum() != 0)
            return null;
        last.put("LastEvaluatedKey", cairn.get(cairn.size() - 2).get("LastEvaluatedKey"));
        var pages = new ArrayList<>(local);
        pages.set(local.size() - 1, last);
        pages.add(cairn.getLast());
        return Answer.ofPages(pages.stream().map(page -> new Answer(200, page)).toList());
    }

    /// Without units of a global index in which neither the old nor the new item has a row; Local counts one.
    static @Nullable Answer noRow(Pair pair) {
        var request = pair.request();
        var told = Tree.map(Tree.map(pair.local().body().get(CONSUMED)).get("GlobalSecondaryIndexes"));
        var table = pair.table(request.body().get("TableName"));
        if (table == null || !List.of("PutItem", "UpdateItem", "DeleteItem").contains(request.operation())
                || !pair.local().body().containsKey(CONSUMED) || !pair.cairn().body().containsKey(CONSUMED))
            return null;
        var consumed = Tree.map(pair.local().body().get(CONSUMED));
        var mine = Tree.map(pair.cairn().body().get(CONSUMED));
        var less = Tree.number(consumed.get("CapacityUnits")).subtract(Tree.number(mine.get("CapacityUnits")));
        long sparse = table.indexes().stream().filter(index -> !index.local() && mayLack(request, index)).count();
        // What a history alters has other indexes than it was made with.
        if (table.name().startsWith("own-"))
            sparse += 2;
        if (less.signum() <= 0 || less.compareTo(BigDecimal.valueOf(sparse)) > 0)
            return null;
        consumed.put("CapacityUnits", mine.get("CapacityUnits"));
        if (!told.isEmpty()) {
            told.keySet().retainAll(Tree.map(mine.get("GlobalSecondaryIndexes")).keySet());
            consumed.put("GlobalSecondaryIndexes", told.isEmpty() ? null : told);
            consumed.values().removeIf(Objects::isNull);
        }
        return pair.local().with(CONSUMED, consumed);
    }

    /// Whether the item that is put has not all of the index's key; of other writes nobody can tell here.
    private static boolean mayLack(Request request, TableShape.IndexShape index) {
        return !request.operation().equals("PutItem")
                || !Tree.map(request.body().get("Item")).keySet().containsAll(index.keyNames());
    }

    /// One unit for each deletion of nothing; Local counts two.
    static @Nullable Answer deletedNothing(Pair pair) {
        if (!pair.request().operation().equals("BatchWriteItem") || !pair.local().body().containsKey(CONSUMED))
            return null;
        var all = new ArrayList<@Nullable Object>();
        for (var consumed : Tree.maps(pair.local().body().get(CONSUMED))) {
            var name = consumed.get("TableName");
            var mine = Tree.maps(pair.cairn().body().get(CONSUMED)).stream()
                    .filter(one -> Objects.equals(one.get("TableName"), name))
                    .findFirst();
            var writes = Tree.maps(Tree.map(pair.request().body().get("RequestItems")).get(String.valueOf(name)));
            long deletes = writes.stream().filter(write -> write.containsKey("DeleteRequest")).count();
            if (mine.isEmpty())
                return null;
            var more = Tree.number(mine.get().get("CapacityUnits")).subtract(Tree.number(consumed.get("CapacityUnits")));
            all.add(more.signum() < 0 && more.negate().compareTo(BigDecimal.valueOf(deletes)) <= 0
                    ? added(consumed, more)
                    : consumed);
        }
        return pair.local().with(CONSUMED, all);
    }

    /// Of an update within an attribute only what it changed; Local may tell the whole attribute.
    static @Nullable Answer updatedPart(Pair pair) {
        var update = pair.request().text("UpdateExpression");
        var returns = pair.request().text("ReturnValues");
        var told = pair.cairn().body().get("Attributes");
        if (update == null || returns == null || !returns.startsWith("UPDATED") || !update.matches("(?s).*[.\\[].*"))
            return null;
        return isPart(told, pair.local().body().get("Attributes")) ? pair.local().with("Attributes", told) : null;
    }

    /// Whether a tree of attributes has nothing that is not in the other; elements of lists in their order.
    private static boolean isPart(@Nullable Object part, @Nullable Object whole) {
        if (part instanceof Map<?, ?> map && whole instanceof Map<?, ?> all)
            return map.entrySet().stream()
                    .allMatch(entry -> all.containsKey(entry.getKey()) && isPart(entry.getValue(), all.get(entry.getKey())));
        if (part instanceof List<?> list && whole instanceof List<?> all) {
            int at = 0;
            for (var element : all)
                if (at < list.size() && isPart(list.get(at), element))
                    at++;
            return at == list.size();
        }
        return part == null || part.equals(whole);
    }

    /// Tables have ids and classes and no dates of changes that never were; indexes have sizes that are counted now and then, and may be being filled.
    static @Nullable Answer description(Pair pair) {
        var member = pair.request().operation().equals("DescribeTable") ? "Table" : "TableDescription";
        var mine = Tree.map(pair.cairn().body().get(member));
        var table = Tree.map(pair.local().body().get(member));
        if (mine.isEmpty() || table.isEmpty())
            return null;
        table.put("TableId", mine.get("TableId"));
        table.put("TableClassSummary", mine.get("TableClassSummary"));
        withoutEpoch(table);
        for (var scope : List.of("LocalSecondaryIndexes", "GlobalSecondaryIndexes"))
            if (table.containsKey(scope))
                table.put(scope, described(Tree.maps(table.get(scope)), Tree.maps(mine.get(scope))));
        if (Tree.list(table.get("GlobalSecondaryIndexes")).isEmpty())
            table.remove("GlobalSecondaryIndexes");
        return pair.local().with(member, table);
    }

    private static void withoutEpoch(Map<String, @Nullable Object> table) {
        var units = Tree.map(table.get("ProvisionedThroughput"));
        for (var date : List.of("LastIncreaseDateTime", "LastDecreaseDateTime"))
            if (Tree.number(units.get(date)).signum() == 0)
                units.remove(date);
        table.put("ProvisionedThroughput", units);
    }

    private static boolean unlimited(@Nullable Object units) {
        return units instanceof Map<?, ?> && Tree.map(units).values().stream().allMatch(unit -> Tree.number(unit).signum() < 0);
    }

    /// Local tells an index that is being dropped for a while.
    private static List<@Nullable Object> described(List<Map<String, @Nullable Object>> indexes,
            List<Map<String, @Nullable Object>> mine) {
        var all = new ArrayList<@Nullable Object>();
        for (var index : indexes) {
            if ("DELETING".equals(index.get("IndexStatus"))
                    && mine.stream().noneMatch(other -> Objects.equals(other.get("IndexName"), index.get("IndexName"))))
                continue;
            // No maximum of units is the same as none told.
            if (unlimited(index.get("OnDemandThroughput")))
                index.remove("OnDemandThroughput");
            for (var other : mine)
                if (Objects.equals(other.get("IndexName"), index.get("IndexName")))
                    for (var name : List.of("IndexSizeBytes", "ItemCount", "IndexStatus", "Backfilling", "ProvisionedThroughput"))
                        if (other.containsKey(name))
                            index.put(name, other.get(name));
                        else
                            index.remove(name);
            all.add(index);
        }
        return all;
    }

    /// What the index has needs no fetching; Local counts one where its own key is asked for.
    static @Nullable Answer fetchedNothing(Pair pair) {
        var table = pair.table(pair.request().body().get("TableName"));
        var wanted = pair.request().text("ProjectionExpression");
        if (pair.request().body().get("AttributesToGet") instanceof List<?> names)
            wanted = names.stream().map(String::valueOf).collect(Collectors.joining(","));
        var cairn = pair.cairn().pages();
        if (table == null || wanted == null || cairn.isEmpty() || cairn.size() != pair.local().pages().size())
            return null;
        var names = Tree.map(pair.request().body().get("ExpressionAttributeNames"));
        var tops = new ArrayList<String>();
        for (var path : wanted.split(",", -1)) {
            var top = path.strip().replaceAll("[.\\[].*", "");
            tops.add(String.valueOf(names.getOrDefault(top, top)));
        }
        if (!table.attributes(pair.request().body().get("IndexName")).containsAll(tops))
            return null;
        var pages = new ArrayList<Answer>();
        for (int i = 0; i < cairn.size(); i++) {
            var page = pair.local().pages().get(i);
            if (page.containsKey(CONSUMED))
                page.put(CONSUMED, cairn.get(i).get(CONSUMED));
            pages.add(new Answer(200, page));
        }
        return Answer.ofPages(pages);
    }

    /// A Scan of a local index fetches what the index has not, as a Query does: half a unit for each row, or one, and more for large items. Local
    /// counts none.
    static @Nullable Answer fetchedInScan(Pair pair) {
        var request = pair.request();
        var table = pair.table(request.body().get("TableName"));
        var name = request.body().get("IndexName");
        var cairn = pair.cairn().pages();
        var local = pair.local().pages();
        if (table == null || !request.operation().equals("Scan") || cairn.isEmpty() || cairn.size() != local.size()
                || table.indexes().stream().noneMatch(index -> index.local() && index.name().equals(name)))
            return null;
        var each = new BigDecimal(Boolean.TRUE.equals(request.body().get("ConsistentRead")) ? "1" : "0.5");
        var pages = new ArrayList<Answer>();
        for (int i = 0; i < cairn.size(); i++) {
            var page = local.get(i);
            var mine = Tree.map(cairn.get(i).get(CONSUMED));
            var more = units(mine).subtract(units(Tree.map(page.get(CONSUMED))));
            var rows = Tree.number(page.get("ScannedCount"));
            // One for each 4 KB of an item.
            var most = rows.multiply(each).multiply(BigDecimal.valueOf(100));
            if (!page.containsKey(CONSUMED) || more.signum() < 0 || more.compareTo(most) > 0
                    || more.remainder(each).signum() != 0)
                return null;
            page.put(CONSUMED, mine);
            pages.add(new Answer(200, page));
        }
        return Answer.ofPages(pages);
    }

    /// Where nothing was made nothing is told, and one unit is used; Local tells the key, and counts it.
    static @Nullable Answer nothingToRemove(Pair pair) {
        var request = pair.request();
        var cairn = pair.cairn();
        if (!request.operation().equals("UpdateItem") || !Removals.isOne(request.body()) || !cairn.isOk() || !pair.local().isOk()
                || cairn.body().containsKey("Attributes"))
            return null;
        var service = Objects.equals(pair.local().body().get("Attributes"), request.body().get("Key"))
                ? pair.local().with("Attributes", null)
                : pair.local();
        var units = Tree.map(cairn.body().get(CONSUMED));
        return units(units).compareTo(BigDecimal.ONE) == 0 && pair.local().body().containsKey(CONSUMED)
                ? service.with(CONSUMED, units)
                : service;
    }

    static boolean leavesSomething(Answer answer) {
        return !Tree.map(answer.body().get("UnprocessedItems")).isEmpty();
    }

    /// What stood before the index, and is not updated, stays; Local refuses every update of such an item.
    static @Nullable Answer indexKeyStood(Pair pair) {
        var found = Pattern.compile(".*A value specified for a secondary index key is not supported\\..* IndexKey: ([a-z]+)")
                .matcher(pair.local().message());
        if (!pair.request().operation().equals("UpdateItem") || !pair.cairn().isOk())
            return null;
        // Local does not say which attribute it is; only what a history alters has such items.
        if (pair.local().message().equals("Invalid attribute value type")
                && String.valueOf(pair.request().body().get("TableName")).startsWith("own-"))
            return pair.cairn();
        if (!found.matches())
            return null;
        var body = pair.request().body();
        var name = found.group(1);
        boolean updates = Tree.map(body.get("AttributeUpdates")).containsKey(name)
                || Tree.map(body.get("ExpressionAttributeNames")).containsValue(name)
                || String.valueOf(body.get("UpdateExpression")).matches("(?s).*\\b" + name + "\\b.*");
        return updates ? null : pair.cairn();
    }

    /// A row of a local index is as large as what it has; Local counts the whole item in a Scan of one that has keys alone. Only for what is the
    /// smallest read.
    static @Nullable Answer smallIndexRows(Pair pair) {
        var request = pair.request();
        var table = pair.table(request.body().get("TableName"));
        var name = request.body().get("IndexName");
        var cairn = pair.cairn().pages();
        if (table == null || !request.operation().equals("Scan") || cairn.size() != pair.local().pages().size()
                || table.indexes().stream()
                        .noneMatch(index -> index.local() && !index.projection().equals("ALL") && index.name().equals(name)))
            return null;
        var smallest = new BigDecimal(Boolean.TRUE.equals(request.body().get("ConsistentRead")) ? "1" : "0.5");
        var pages = new ArrayList<Answer>();
        for (int i = 0; i < cairn.size(); i++) {
            var page = pair.local().pages().get(i);
            var mine = Tree.map(cairn.get(i).get(CONSUMED));
            if (page.containsKey(CONSUMED) && units(mine).compareTo(smallest) == 0
                    && units(Tree.map(page.get(CONSUMED))).compareTo(smallest) > 0)
                page.put(CONSUMED, mine);
            pages.add(new Answer(200, page));
        }
        return pages.isEmpty() ? null : Answer.ofPages(pages);
    }

    private static BigDecimal units(Map<String, @Nullable Object> consumed) {
        return Tree.number(consumed.get("CapacityUnits"));
    }

    /// Without a limit, pages end near 1 MB, each server counting in its own way; together they are the same.
    static @Nullable Answer pageSize(Pair pair) {
        var request = pair.request();
        if (!request.walks() || request.body().containsKey("Limit")
                || pair.local().pages().size() + pair.cairn().pages().size() < 3)
            return null;
        return Comparison.merged(request, pair.sortKey(), pair.local().pages(), false)
                .equals(Comparison.merged(request, pair.sortKey(), pair.cairn().pages(), false)) ? pair.cairn() : null;
    }

    /// Rows that a walk looked at.
    static BigDecimal scanned(Answer answer) {
        return answer.pages().stream().map(page -> Tree.number(page.get("ScannedCount"))).reduce(BigDecimal.ZERO,
                BigDecimal::add);
    }

    /// Numbers as they are stored.
    static @Nullable Answer numbers(Pair pair) {
        return new Answer(pair.local().status(), Tree.map(canonical(pair.local().body(), false)));
    }

    private static @Nullable Object canonical(@Nullable Object tree, boolean number) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var all = Tree.map(map);
                all.replaceAll(
                        (name, value) -> canonical(value, name.equals("N") && value instanceof String || name.equals("NS")));
                yield all;
            }
            case List<?> list -> {
                var all = new ArrayList<@Nullable Object>();
                list.forEach(value -> all.add(canonical(value, number)));
                yield all;
            }
            case String text when number -> ValueJson.number(new BigDecimal(text));
            case null, default -> tree;
        };
    }

    /// The transaction is cancelled, with what Local says as the reason; the codes of the other requests are the model's to judge.
    static @Nullable Answer cancelled(Pair pair) {
        if (!pair.request().operation().equals("TransactWriteItems") || !pair.local().error().equals("ValidationException"))
            return null;
        for (var reason : Tree.maps(pair.cairn().body().get("CancellationReasons")))
            if ("ValidationError".equals(reason.get("Code"))
                    && isSameMistake(pair.local().message(), String.valueOf(reason.get("Message"))))
                return pair.cairn();
        return null;
    }

    /// Local's text of what is wrong with an item, and the service's.
    private static boolean isSameMistake(String local, String service) {
        return local.equals(service) || local.matches(LOCAL_MISTAKE) && service.matches(MISTAKE);
    }

    /// Texts of reasons; and Local does not look at the type of an index's key that an update changes.
    static @Nullable Answer reasonTexts(Pair pair) {
        var reasons = Tree.maps(pair.local().body().get("CancellationReasons"));
        var service = Tree.maps(pair.cairn().body().get("CancellationReasons"));
        if (reasons.size() == 1 && service.size() > 1 && service.stream().anyMatch(reason -> isSameMistake(
                String.valueOf(reasons.getFirst().get("Message")), String.valueOf(reason.get("Message")))))
            return pair.cairn(); // Local stops at the first that can never be
        if (pair.local().isOk())
            return service.stream()
                    .allMatch(reason -> "None".equals(reason.get("Code")) || UNSUPPORTED.equals(reason.get("Message")))
                    && !service.isEmpty() ? pair.cairn() : null;
        if (reasons.isEmpty() || reasons.size() != service.size())
            return null;
        var all = new ArrayList<@Nullable Object>();
        var codes = new ArrayList<String>();
        for (int i = 0; i < reasons.size(); i++) {
            var mine = service.get(i);
            boolean unchecked = "None".equals(reasons.get(i).get("Code")) && UNSUPPORTED.equals(mine.get("Message"));
            // What can never be is refused before anything is read, so nobody's condition was asked.
            unchecked |= "ConditionalCheckFailed".equals(reasons.get(i).get("Code"))
                    && ("None".equals(mine.get("Code")) || String.valueOf(mine.get("Message")).matches(NEVER))
                    && service.stream().anyMatch(reason -> "ValidationError".equals(reason.get("Code")));
            boolean same = "ValidationError".equals(mine.get("Code")) && "ValidationError".equals(reasons.get(i).get("Code"))
                    && isSameMistake(String.valueOf(reasons.get(i).get("Message")), String.valueOf(mine.get("Message")));
            var reason = same || unchecked ? mine : reasons.get(i);
            all.add(reason);
            codes.add(String.valueOf(reason.get("Code")));
        }
        return pair.local().with("CancellationReasons", all)
                .with("Message", "Transaction cancelled, please refer cancellation reasons for specific reasons " + codes);
    }

    static boolean hasSeveralActions(Request request) {
        var update = request.text("UpdateExpression");
        return update != null && update.matches("(?s).*(,| (SET|REMOVE|ADD|DELETE) ).*");
    }

    /// Full stops at the end of reasons.
    static @Nullable Answer reasonsWithoutFullStop(Pair pair) {
        if (!pair.local().body().containsKey("CancellationReasons"))
            return null;
        var reasons = new ArrayList<@Nullable Object>();
        for (var reason : Tree.maps(pair.local().body().get("CancellationReasons"))) {
            if ("The conditional request failed.".equals(reason.get("Message")))
                reason.put("Message", "The conditional request failed");
            reasons.add(reason);
        }
        return pair.local().with("CancellationReasons", reasons);
    }
}
