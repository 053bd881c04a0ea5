package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.server.dynamodb.wire.JsonWriter;
import io.cairn.server.dynamodb.wire.Structure;

/// UpdateTimeToLive, DescribeTimeToLive.
final class TimeToLive {
    private TimeToLive() {}

    static void update(Call call) {
        var specification = specification(call.request());
        var name = specification.requiredString("AttributeName");
        boolean enabled = specification.isTrue("Enabled");
        var _ = call.alter(call.request().requiredString("TableName"), table -> {
            var stands = table.definition().ttlAttribute();
            if (enabled && name.equals(stands))
                throw validation("TimeToLive is already enabled");
            if (!enabled && stands == null)
                throw validation("TimeToLive is already disabled");
            if (stands != null && !name.equals(stands))
                throw validation("TimeToLive is active on a different AttributeName: current AttributeName is " + stands);
            return table.definition().withTtlAttribute(enabled ? name : null);
        });
        call.answer(
                JsonWriter.start().beginObject().name("TimeToLiveSpecification").beginObject().name("AttributeName").string(name)
                        .name("Enabled").bool(enabled).endObject().endObject());
    }

    private static Structure specification(Structure request) {
        var specification = request.structure("TimeToLiveSpecification");
        if (specification == null)
            throw new IllegalStateException("the decoder sees to what is required");
        return specification;
    }

    static void describe(Call call) {
        var name = call.table().describe().definition().ttlAttribute();
        var json = JsonWriter.start().beginObject().name("TimeToLiveDescription").beginObject();
        if (name != null)
            json.name("AttributeName").string(name);
        call.answer(json.name("TimeToLiveStatus").string(name == null ? "DISABLED" : "ENABLED").endObject().endObject());
    }
}
