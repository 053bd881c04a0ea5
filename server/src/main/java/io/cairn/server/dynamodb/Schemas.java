package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.kv.IndexDefinition;
import io.cairn.kv.IndexProjection;
import io.cairn.kv.Item;
import io.cairn.kv.ItemWriter;
import io.cairn.kv.KeySchema;
import io.cairn.server.dynamodb.wire.Structure;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Keys and indexes as requests describe them.
final class Schemas {
    private Schemas() {}

    /// Of KeySchema: partition attributes first, then sort attributes.
    static KeySchema key(Structure request) {
        var partition = new ArrayList<String>();
        var sort = new ArrayList<String>();
        for (var element : request.structures("KeySchema")) {
            boolean hash = element.requiredString("KeyType").equals("HASH");
            if (partition.isEmpty() && !hash)
                throw validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
            if (hash && !sort.isEmpty())
                throw validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
            (hash ? partition : sort).add(element.requiredString("AttributeName"));
        }
        if (partition.isEmpty())
            throw validation(
                    "No defined key schema.  A key schema containing at least a hash key must be defined for all tables");
        if (partition.size() > KeySchema.MAX_PARTS || sort.size() > KeySchema.MAX_PARTS)
            throw validation("One or more parameter values were invalid: Invalid KeySchema: it has 1 to " + KeySchema.MAX_PARTS
                    + " HASH and up to " + KeySchema.MAX_PARTS + " RANGE elements");
        return new KeySchema(partition, sort);
    }

    static IndexDefinition index(Structure request, IndexDefinition.Scope scope) {
        var settings = scope == IndexDefinition.Scope.GLOBAL ? throughput(request) : Item.EMPTY;
        return new IndexDefinition(request.requiredString("IndexName"), scope, key(request),
                projection(request.structure("Projection")), settings);
    }

    private static IndexProjection projection(@Nullable Structure projection) {
        var type = projection == null ? null : projection.string("ProjectionType");
        if (projection == null || type == null)
            throw validation("One or more parameter values were invalid: Unknown ProjectionType: null");
        return new IndexProjection(IndexProjection.Kind.valueOf(type), projection.strings("NonKeyAttributes"));
    }

    /// What an index is given to read and write, as its settings.
    static Item throughput(Structure request) {
        var throughput = request.structure("ProvisionedThroughput");
        if (throughput == null)
            return Item.EMPTY;
        var read = throughput.longInteger("ReadCapacityUnits");
        var write = throughput.longInteger("WriteCapacityUnits");
        return new ItemWriter().name("read").number(Long.toString(read == null ? 0 : read)).name("write")
                .number(Long.toString(write == null ? 0 : write)).item();
    }
}
