package io.cairn.server.dynamodb;

import io.cairn.kv.Item;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.TableDescription;
import io.cairn.kv.Value;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What this face keeps with a table: the document [io.cairn.kv.TableDefinition#settings].
///
/// @param owner canonical id of who made it
/// @param billing PROVISIONED or PAY_PER_REQUEST
/// @param readUnits provisioned; 0 when on demand
/// @param onDemandSince when it was last put on demand, in milliseconds since 1970; 0 when it never was
/// @param tableClass STANDARD or STANDARD_INFREQUENT_ACCESS
/// @param encrypted whether the request asked for a key of its own; what lies on disk is the same
record Settings(String owner, String billing, long readUnits, long writeUnits, long onDemandSince, String tableClass,
        boolean encrypted, long maxReadUnits, long maxWriteUnits, Map<String, String> tags) {
    static Settings of(TableDescription table) {
        return of(table.definition().settings());
    }

    /// Who made the table, without reading the rest: asked at each request.
    static String owner(TableDefinition table) {
        return text(table.settings().get("owner"), "");
    }

    static Settings of(Item item) {
        var tags = new TreeMap<String, String>();
        if (item.get("tags") instanceof Value.M(var values))
            values.forEach((key, value) -> tags.put(key, value instanceof Value.S(var text) ? text : ""));
        return new Settings(text(item.get("owner"), ""), text(item.get("billing"), "PROVISIONED"), number(item.get("read")),
                number(item.get("write")), number(item.get("onDemandSince")), text(item.get("class"), "STANDARD"),
                item.get("encrypted") instanceof Value.Bool(var encrypted) && encrypted, number(item.get("maxRead")),
                number(item.get("maxWrite")), tags);
    }

    private static String text(@Nullable Value value, String otherwise) {
        return value instanceof Value.S(var text) ? text : otherwise;
    }

    private static long number(@Nullable Value value) {
        return value instanceof Value.N(var number) ? number.longValue() : 0;
    }

    Item item() {
        var values = new LinkedHashMap<String, Value>();
        values.put("owner", Value.s(owner));
        values.put("billing", Value.s(billing));
        values.put("read", Value.n(readUnits));
        values.put("write", Value.n(writeUnits));
        values.put("onDemandSince", Value.n(onDemandSince));
        values.put("class", Value.s(tableClass));
        values.put("encrypted", Value.bool(encrypted));
        values.put("maxRead", Value.n(maxReadUnits));
        values.put("maxWrite", Value.n(maxWriteUnits));
        var tagged = new LinkedHashMap<String, Value>();
        tags.forEach((key, value) -> tagged.put(key, Value.s(value)));
        values.put("tags", Value.m(tagged));
        return Item.of(values);
    }

    boolean isOnDemand() { return billing.equals("PAY_PER_REQUEST"); }

    Settings withTags(Map<String, String> others) {
        return new Settings(owner, billing, readUnits, writeUnits, onDemandSince, tableClass, encrypted, maxReadUnits,
                maxWriteUnits, others);
    }

    Settings provisioned(long read, long write) {
        return new Settings(owner, "PROVISIONED", read, write, onDemandSince, tableClass, encrypted, maxReadUnits, maxWriteUnits,
                tags);
    }

    /// On demand from now on; unless it is so already.
    Settings onDemand(Instant now) {
        return isOnDemand()
                ? this
                : new Settings(owner, "PAY_PER_REQUEST", 0, 0, now.toEpochMilli(), tableClass, encrypted, maxReadUnits,
                        maxWriteUnits, tags);
    }

    Settings withTableClass(String other) {
        return new Settings(owner, billing, readUnits, writeUnits, onDemandSince, other, encrypted, maxReadUnits, maxWriteUnits,
                tags);
    }

    Settings withEncrypted(boolean other) {
        return new Settings(owner, billing, readUnits, writeUnits, onDemandSince, tableClass, other, maxReadUnits, maxWriteUnits,
                tags);
    }

    Settings withMaximum(long read, long write) {
        return new Settings(owner, billing, readUnits, writeUnits, onDemandSince, tableClass, encrypted, read, write, tags);
    }

    static Settings ownedBy(String owner) {
        return new Settings(owner, "PROVISIONED", 0, 0, 0, "STANDARD", false, 0, 0, Map.of());
    }
}
