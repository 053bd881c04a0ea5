package io.cairn.server.dynamodb;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.Item;
import io.cairn.kv.Page;
import io.cairn.kv.Table;
import io.cairn.kv.WriteResult;
import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What requests consume, counted from stored sizes (developer guide, "DynamoDB read and write operations"): a read 1 unit for each 4 KiB
/// begun, half of it when it need not be consistent; a write 1 for each KiB begun of the larger of old and new item, and of every index row that
/// changes; twice as much in a transaction. Told only when the request asks.
final class Consumption {
    private static final int READ_BYTES = 4096;
    private final Detail detail;

    enum Detail {
        NONE, TOTAL, INDEXES
    }

    private Consumption(Detail detail) {
        this.detail = detail;
    }

    static Consumption of(Structure request) {
        var asked = request.string("ReturnConsumedCapacity");
        return new Consumption(asked == null ? Detail.NONE : Detail.valueOf(asked));
    }

    boolean isAsked() { return detail != Detail.NONE; }

    /// Units that one table and its indexes took.
    static final class Units {
        private double table;
        private final Map<String, Double> local = new TreeMap<>();
        private final Map<String, Double> global = new TreeMap<>();
        private final boolean transaction;
        private final boolean reads;

        Units(boolean reads, boolean transaction) {
            this.reads = reads;
            this.transaction = transaction;
        }

        void addRead(@Nullable IndexDefinition index, long bytes, boolean consistent) {
            double units = Math.max(1, (bytes + READ_BYTES - 1) / READ_BYTES) * (transaction ? 2 : consistent ? 1 : 0.5);
            if (index == null)
                table += units;
            else
                (index.isLocal() ? local : global).merge(index.name(), units, Double::sum);
        }

        void addWrite(Table of, WriteResult result) {
            int factor = transaction ? 2 : 1;
            var units = of.units(result);
            table += units.table() * factor;
            units.indexes().forEach((name, count) -> {
                var index = of.definition().index(name);
                if (index != null)
                    (index.isLocal() ? local : global).merge(name, (double) count * factor, Double::sum);
            });
        }

        private double total() {
            return table + sum(local) + sum(global);
        }

        private static double sum(Map<String, Double> units) {
            return units.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        void write(JsonWriter json, String name, Detail detail) {
            json.beginObject().name("TableName").string(name);
            units(json, total());
            if (detail == Detail.INDEXES) {
                units(json.name("Table").beginObject(), table);
                json.endObject();
                indexes(json, "LocalSecondaryIndexes", local);
                indexes(json, "GlobalSecondaryIndexes", global);
            }
            json.endObject();
        }

        private void indexes(JsonWriter json, String member, Map<String, Double> units) {
            if (units.isEmpty())
                return;
            json.name(member).beginObject();
            units.forEach((name, count) -> {
                units(json.name(name).beginObject(), count);
                json.endObject();
            });
            json.endObject();
        }

        private void units(JsonWriter json, double count) {
            json.name("CapacityUnits").number(count);
            if (transaction)
                json.name(reads ? "ReadCapacityUnits" : "WriteCapacityUnits").number(count);
        }
    }

    /// Of a request to one table.
    void read(JsonWriter json, Table table, @Nullable IndexDefinition index, long bytes, boolean consistent) {
        if (!isAsked())
            return;
        var units = new Units(true, false);
        units.addRead(index, bytes, consistent);
        units.write(json.name("ConsumedCapacity"), table.definition().name(), detail);
    }

    /// Of a page; items that were fetched for a local index's rows are counted one by one, as reads of the table.
    void page(JsonWriter json, Table table, @Nullable IndexDefinition index, Page page, boolean consistent) {
        if (!isAsked())
            return;
        var units = new Units(true, false);
        units.addRead(index, page.rowBytes(), consistent);
        units.table += page.fetchedBlocks() * (consistent ? 1 : 0.5);
        units.write(json.name("ConsumedCapacity"), table.definition().name(), detail);
    }

    void write(JsonWriter json, Table table, WriteResult result) {
        if (!isAsked())
            return;
        var units = new Units(false, false);
        units.addWrite(table, result);
        units.write(json.name("ConsumedCapacity"), table.definition().name(), detail);
    }

    /// Of a request to several tables: units by their names.
    static final class Many {
        private final Map<String, Units> tables = new LinkedHashMap<>();
        private final boolean reads;
        private final boolean transaction;

        Many(boolean reads, boolean transaction) {
            this.reads = reads;
            this.transaction = transaction;
        }

        Units of(Table table) {
            return tables.computeIfAbsent(table.definition().name(), _ -> new Units(reads, transaction));
        }
    }

    void many(JsonWriter json, Many many) {
        if (!isAsked())
            return;
        json.name("ConsumedCapacity").beginArray();
        many.tables.forEach((name, units) -> units.write(json, name, detail));
        json.endArray();
    }

    /// ItemCollectionMetrics of a write, when asked: only tables with local indexes have collections whose size is bounded. The estimate is
    /// as coarse as the service's.
    static void collection(Structure request, JsonWriter json, Table table, WriteResult result) {
        var item = result.after() == null ? result.before() : result.after();
        if (!"SIZE".equals(request.string("ReturnItemCollectionMetrics")) || item == null)
            return;
        if (hasCollections(table))
            collection(json.name("ItemCollectionMetrics"), table, item);
    }

    static boolean hasCollections(Table table) {
        return table.definition().indexes().stream().anyMatch(IndexDefinition::isLocal);
    }

    static void collection(JsonWriter json, Table table, Item item) {
        var name = table.definition().key().partition().getFirst();
        var value = item.get(name);
        json.beginObject();
        if (value != null)
            json.name("ItemCollectionKey").item(Item.of(name, value));
        json.name("SizeEstimateRangeGB").beginArray().number(0.0).number(1.0).endArray().endObject();
    }
}
