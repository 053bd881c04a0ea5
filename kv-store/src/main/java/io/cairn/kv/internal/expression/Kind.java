package io.cairn.kv.internal.expression;

import io.cairn.kv.KvRefusedException;

/// Which member of a request an expression stands in: what is wrong with it begins with that.
public enum Kind {
    CONDITION("ConditionExpression"), FILTER("FilterExpression"), UPDATE("UpdateExpression"), PROJECTION(
            "ProjectionExpression"),
    KEY_CONDITION("KeyConditionExpression");

    private final String member;

    Kind(String member) {
        this.member = member;
    }

    KvRefusedException refused(String what) {
        return KvRefusedException.validation("Invalid " + member + ": " + what);
    }
}
