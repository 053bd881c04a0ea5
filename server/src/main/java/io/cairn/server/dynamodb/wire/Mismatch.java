package io.cairn.server.dynamodb.wire;

import com.fasterxml.jackson.core.JsonToken;

/// JSON of another type than the model's, in the words of the service (recorded from it by dynalite's tests, `helpers.assertType`).
final class Mismatch {
    /// Where a value stands: the service has other words for each.
    enum Place {
        /// Under a member of a structure.
        MEMBER,
        /// In a list, or under a key of a map.
        ELEMENT
    }

    static final String STRUCTURE_FOUND = "Start of structure or map found where not expected";
    static final String NO_BASE_64 = "only base-64-encoded strings are convertible to bytes";
    private static final String PACKAGE = "com.amazonaws.dynamodb.v20120810.";
    /// A slip of the service's own that its answers show.
    private static final String CAST = "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class"
            + " (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of loader"
            + " 'bootstrap')";

    private Mismatch() {}

    /// @param token that stands where something of `wanted` should
    static RequestRefusedException of(Shape wanted, JsonToken token, Place place) {
        return RequestRefusedException.serialization(switch (token) {
            case START_OBJECT -> STRUCTURE_FOUND;
            case START_ARRAY -> "Unrecognized collection type " + javaType(wanted, "class ");
            default -> scalar(wanted, token, place);
        });
    }

    private static String scalar(Shape wanted, JsonToken token, Place place) {
        return switch (wanted) {
            case Shape.Text _ -> converted(token, "String");
            case Shape.Whole whole -> converted(token, whole.wide() ? "Long" : "Integer");
            case Shape.Real _ -> converted(token, "Double");
            case Shape.Bool _ -> token == JsonToken.VALUE_STRING
                    ? "Unexpected token received from parser"
                    : converted(token, "Boolean");
            case Shape.Time _ -> converted(token, "Date");
            case Shape.Bytes _ -> NO_BASE_64;
            case Shape.ListOf _,Shape.MapOf _,Shape.Attributes _ -> place == Place.MEMBER ? "Unexpected field type" : CAST;
            case Shape.AttributeValue _,StructureShape _ -> place == Place.MEMBER
                    ? "Unexpected field type"
                    : "Unexpected value type in payload";
        };
    }

    private static String converted(JsonToken token, String type) {
        var found = switch (token) {
            case VALUE_STRING -> "STRING_VALUE";
            case VALUE_NUMBER_INT -> "NUMBER_VALUE";
            case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE";
            case VALUE_TRUE -> "TRUE_VALUE";
            case VALUE_FALSE -> "FALSE_VALUE";
            default -> token.name();
        };
        return found + " cannot be converted to " + type;
    }

    /// What the service's own program has for the shape.
    ///
    /// @param before stands before a plain class
    private static String javaType(Shape shape, String before) {
        return switch (shape) {
            case Shape.Text _ -> before + "java.lang.String";
            case Shape.Whole whole -> before + (whole.wide() ? "java.lang.Long" : "java.lang.Integer");
            case Shape.Real _ -> before + "java.lang.Double";
            case Shape.Bool _ -> before + "java.lang.Boolean";
            case Shape.Time _ -> before + "java.util.Date";
            case Shape.Bytes _ -> before + "java.nio.ByteBuffer";
            case Shape.ListOf list -> "java.util.List<" + javaType(list.element(), "") + ">";
            case Shape.MapOf map -> "java.util.Map<java.lang.String, " + javaType(map.value(), "") + ">";
            case Shape.Attributes _ -> "java.util.Map<java.lang.String, " + PACKAGE + "AttributeValue>";
            case Shape.AttributeValue value -> before + PACKAGE + value.name();
            case StructureShape structure -> before + PACKAGE + structure.name();
        };
    }
}
