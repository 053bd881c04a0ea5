package io.cairn.server.dynamodb;

import static io.cairn.kv.KvRefusedException.validation;

import io.cairn.server.dynamodb.wire.Structure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a table is paid for, which is kept and told, and what else a request sets of a table without the store's knowing.
final class Billing {
    private Billing() {}

    static Settings created(Structure request, Settings settings, Instant now) {
        var mode = request.string("BillingMode");
        var throughput = request.structure("ProvisionedThroughput");
        boolean onDemand = "PAY_PER_REQUEST".equals(mode);
        if (onDemand && throughput != null)
            throw validation(
                    "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
        if (!onDemand && throughput == null)
            throw validation(
                    "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
        var made = onDemand
                ? settings.onDemand(now)
                : settings.provisioned(units(throughput, "ReadCapacityUnits"), units(throughput, "WriteCapacityUnits"));
        return others(request, made);
    }

    /// Of an index that is made with its table: it has units exactly when its table has (Dynalite's tests have the words).
    static void requireUnits(Structure index, Settings settings) {
        boolean units = index.has("ProvisionedThroughput");
        if (units && settings.isOnDemand())
            throw validation(
                    "One or more parameter values were invalid: ProvisionedThroughput should not be specified for index: "
                            + index.requiredString("IndexName") + " when BillingMode is PAY_PER_REQUEST");
        if (!units && !settings.isOnDemand())
            throw validation("One or more parameter values were invalid: ProvisionedThroughput is not specified for index: "
                    + index.requiredString("IndexName"));
    }

    static Settings updated(Structure request, Settings settings, Instant now) {
        var mode = request.string("BillingMode");
        var throughput = request.structure("ProvisionedThroughput");
        var made = settings;
        if ("PAY_PER_REQUEST".equals(mode)) {
            if (throughput != null)
                throw validation(
                        "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
            made = made.onDemand(now);
        } else if (throughput != null) {
            if (mode == null && settings.isOnDemand())
                throw validation(
                        "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
            made = made.provisioned(units(throughput, "ReadCapacityUnits"), units(throughput, "WriteCapacityUnits"));
            if (made.equals(settings))
                throw validation(unchanged(settings));
        } else if (mode != null && settings.isOnDemand())
            throw validation(
                    "One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
        return others(request, made);
    }

    private static String unchanged(Settings settings) {
        return "The provisioned throughput for the table will not change. The requested value equals the current value."
                + " Current ReadCapacityUnits provisioned for the table: " + settings.readUnits()
                + ". Requested ReadCapacityUnits: " + settings.readUnits()
                + ". Current WriteCapacityUnits provisioned for the table: " + settings.writeUnits()
                + ". Requested WriteCapacityUnits: " + settings.writeUnits()
                + ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.";
    }

    private static Settings others(Structure request, Settings settings) {
        var made = settings;
        var tableClass = request.string("TableClass");
        if (tableClass != null)
            made = made.withTableClass(tableClass);
        var encryption = request.structure("SSESpecification");
        if (encryption != null)
            made = made.withEncrypted(encryption.isTrue("Enabled"));
        var maximum = request.structure("OnDemandThroughput");
        if (maximum != null)
            made = made.withMaximum(units(maximum, "MaxReadRequestUnits"), units(maximum, "MaxWriteRequestUnits"));
        return made;
    }

    private static long units(@Nullable Structure throughput, String member) {
        var units = throughput == null ? null : throughput.longInteger(member);
        return units == null ? 0 : units;
    }
}
