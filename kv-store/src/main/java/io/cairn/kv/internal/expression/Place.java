package io.cairn.kv.internal.expression;

import io.cairn.kv.Decimal;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.item.Encoded;
import java.math.BigDecimal;

/// Where an encoded value stands: at `at` of `bytes`, which nobody changes.
record Place(byte[] bytes, int at) {
    /// What was computed.
    static Place number(BigDecimal number) {
        if (number.stripTrailingZeros().precision() > Decimal.MAX_DIGITS)
            throw KvRefusedException.validation("DynamoDB only supports precision up to 38 digits");
        var bytes = new byte[1 + Decimal.MAX_BYTES];
        bytes[0] = Encoded.N;
        int _ = Decimal.encode(number, bytes, 1);
        return new Place(bytes, 0);
    }

    static Place number(int number) {
        var bytes = new byte[1 + Decimal.MAX_BYTES];
        bytes[0] = Encoded.N;
        int _ = Decimal.encode(Integer.toString(number), bytes, 1);
        return new Place(bytes, 0);
    }

    byte tag() {
        return bytes[at];
    }

    ValueType type() {
        return Encoded.type(bytes[at]);
    }

    int end() {
        return Encoded.end(bytes, at);
    }

    /// Of a number.
    BigDecimal number() {
        return Decimal.number(bytes, at + 1);
    }

    boolean equalTo(Place other) {
        return Encoded.equal(bytes, at, other.bytes, other.at);
    }
}
