package io.cairn.kv.internal.engine;

import static io.cairn.kv.internal.engine.ItemChecks.invalid;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.TableDefinition;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What a table must be, in DynamoDB's words.
final class TableChecks {
    static final int MAX_LOCAL_INDEXES = 5;
    static final int MAX_GLOBAL_INDEXES = 20;
    static final int MAX_PROJECTED = 100;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");

    private TableChecks() {}

    static void definition(TableDefinition table) {
        name(table.name(), "tableName");
        if (table.key().partition().size() > 1 || table.key().sort().size() > 1)
            throw invalid("Invalid KeySchema: a table has one partition key and at most one sort key");
        if (table.key().hasDuplicates())
            throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
        attributes(table);
        indexes(table);
    }

    private static void name(String name, String member) {
        if (!NAME.matcher(name).matches())
            throw KvRefusedException.validation(
                    "Invalid " + member + " " + name + ": a name has 3 to 255 characters of a-z, A-Z, 0-9, '_', '-' and '.'");
    }

    private static void attributes(TableDefinition table) {
        var used = new TreeSet<>(table.key().names());
        table.indexes().forEach(index -> used.addAll(index.key().names()));
        table.attributes().forEach((name, type) -> {
            if (!type.isKey())
                throw invalid("Attribute " + name + " of a key is of type " + type + "; keys are S, N or B");
        });
        if (!used.equals(table.attributes().keySet()))
            throw mismatch(table, used);
    }

    /// In the service's words, which depend on how many there are and on whether there are indexes; Moto has them from experiments (its pull
    /// request 4428).
    private static KvRefusedException mismatch(TableDefinition table, Set<String> used) {
        var defined = table.attributes().keySet();
        boolean indexed = !table.indexes().isEmpty();
        if (defined.size() > used.size())
            return invalid(indexed
                    ? "Some AttributeDefinitions are not used. AttributeDefinitions: [" + String.join(", ", defined)
                            + "], keys used: [" + String.join(", ", used) + "]"
                    : "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions");
        if (!indexed && defined.size() < used.size())
            return KvRefusedException.validation("Invalid KeySchema: Some index key attribute have no definition");
        var named = new TreeSet<>(used);
        if (indexed)
            named.removeAll(defined);
        return invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [" + String.join(", ", named)
                + "], AttributeDefinitions: [" + String.join(", ", defined) + "]");
    }

    private static void indexes(TableDefinition table) {
        var names = new HashSet<String>();
        int projected = 0;
        long local = table.indexes().stream().filter(IndexDefinition::isLocal).count();
        if (local > MAX_LOCAL_INDEXES)
            throw invalid("Number of LocalSecondaryIndexes exceeds per-table limit of " + MAX_LOCAL_INDEXES);
        if (table.indexes().size() - local > MAX_GLOBAL_INDEXES)
            throw invalid("GlobalSecondaryIndex count exceeds the per-table limit of " + MAX_GLOBAL_INDEXES);
        for (var index : table.indexes()) {
            name(index.name(), "indexName");
            if (!names.add(index.name()))
                throw invalid("Duplicate index name: " + index.name());
            index(table, index);
            projected += index.projection().names().size();
        }
        if (projected > MAX_PROJECTED)
            throw invalid("Number of NonKeyAttributes exceeds the limit of " + MAX_PROJECTED + " over all indexes of a table");
    }

    private static void index(TableDefinition table, IndexDefinition index) {
        if (index.key().hasDuplicates())
            throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
        if (index.isLocal()) {
            if (table.key().sort().isEmpty())
                throw invalid(
                        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex");
            if (!index.key().partition().equals(table.key().partition()))
                throw invalid(
                        "Index KeySchema does not have the same leading hash key as table KeySchema for index: " + index.name()
                                + ". index hash key: " + index.key().partition().getFirst() + ", table hash key: "
                                + table.key().partition().getFirst());
            if (index.key().sort().size() != 1)
                throw invalid("Index KeySchema does not have a range key for index: " + index.name());
        }
        boolean includes = index.projection().kind() == IndexProjection.Kind.INCLUDE;
        if (includes == index.projection().names().isEmpty())
            throw invalid(includes
                    ? "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"
                    : "ProjectionType is " + index.projection().kind() + ", but NonKeyAttributes is specified");
    }
}
