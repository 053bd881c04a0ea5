package io.cairn.kv.internal.expression;

import io.cairn.kv.Decimal;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.item.Encoded;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Values as error texts write them.
final class Texts {
    private Texts() {}

    /// A type as texts about updates have it.
    static String longName(ValueType type) {
        return switch (type) {
            case S -> "STRING";
            case N -> "NUMBER";
            case B -> "BINARY";
            case BOOL -> "BOOLEAN";
            case NULL -> "NULL";
            case SS -> "STRING_SET";
            case NS -> "NUMBER_SET";
            case BS -> "BINARY_SET";
            case L -> "LIST";
            case M -> "MAP";
        };
    }

    /// `AttributeValue: {S:text}`, of an S, N or B.
    static String attributeValue(Place place) {
        return "AttributeValue: {" + place.type() + ":" + of(place) + "}";
    }

    /// A string itself, a number's digits, bytes in Base64; the type's name for any other.
    static String of(Place place) {
        var bytes = place.bytes();
        int from = place.type().isKey() ? Encoded.contentFrom(bytes, place.at()) : 0;
        return switch (place.type()) {
            case S -> new String(bytes, from, place.end() - from, StandardCharsets.UTF_8);
            case N -> Decimal.text(bytes, from);
            case B -> Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, place.end()));
            case BOOL, NULL, SS, NS, BS, L, M -> place.type().name();
        };
    }
}
