package io.cairn.server.dynamodb;

import io.cairn.server.dynamodb.wire.JsonWriter;

/// Operations whose answers follow from the server alone.
final class Constants {
    private static final long ACCOUNT_UNITS = 80_000;
    private static final long TABLE_UNITS = 40_000;

    private Constants() {}

    /// The service's own numbers; nothing here throttles by them.
    static void limits(Call call) {
        call.answer(JsonWriter.start().beginObject().name("AccountMaxReadCapacityUnits").number(ACCOUNT_UNITS)
                .name("AccountMaxWriteCapacityUnits").number(ACCOUNT_UNITS).name("TableMaxReadCapacityUnits").number(TABLE_UNITS)
                .name("TableMaxWriteCapacityUnits").number(TABLE_UNITS).endObject());
    }

    static void endpoints(Call call) {
        var host = call.exchange().request().headers().get("Host");
        call.answer(JsonWriter.start().beginObject().name("Endpoints").beginArray().beginObject().name("Address")
                .string(host == null ? "" : host).name("CachePeriodInMinutes").number(1440).endObject().endArray().endObject());
    }

    /// There are none: tools that only ask get an answer.
    static void continuousBackups(Call call) {
        var _ = call.table();
        call.answer(JsonWriter.start().beginObject().name("ContinuousBackupsDescription").beginObject()
                .name("ContinuousBackupsStatus").string("DISABLED").name("PointInTimeRecoveryDescription").beginObject()
                .name("PointInTimeRecoveryStatus").string("DISABLED").endObject().endObject().endObject());
    }
}
