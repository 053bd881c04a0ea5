package io.cairn.server.dynamodb.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.cairn.server.dynamodb.wire.Mismatch.Place;
import io.cairn.server.dynamodb.wire.StructureShape.Member;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bodies of requests, read in one pass as the [Model] says. Stateless to its callers; any thread; each keeps buffers of its own.
///
/// The service's order of faults is kept: first JSON that is none, then JSON of a wrong type wherever it stands, then the model's constraints ([Constraints]). Attribute
/// values that are none that can be are the last: they are told when they are asked for ([Structure#item]).
public final class RequestDecoder {
    /// No body is larger (developer guide, "Service, account, and table quotas"), so no name or text within is.
    public static final int MAX_BYTES = 16 << 20;
    /// Lists and maps of JSON within one another: two for each level of attribute values, of which 32 are allowed; more than that is told in
    /// words, but not without end.
    private static final int MAX_JSON_DEPTH = 1000;
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // Names of attributes are the client's own: not to be kept for ever.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).disable(JsonFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNameLength(MAX_BYTES).maxStringLength(MAX_BYTES)
                    .maxNumberLength(1000).maxNestingDepth(MAX_JSON_DEPTH).build())
            .build();
    private static final ThreadLocal<RequestDecoder> DECODERS = ThreadLocal.withInitial(RequestDecoder::new);

    private final AttributeReader attributes = new AttributeReader();

    private RequestDecoder() {}

    /// The input that `body` says. A [RequestRefusedException] of the type SERIALIZATION or VALIDATION when it says none that the
    /// operation takes.
    public static Structure decode(Operation operation, byte[] body) {
        var input = decodeForm(operation.input(), body);
        Constraints.check(operation, input);
        return input;
    }

    /// As [#decode], before constraints are looked at.
    static Structure decodeForm(StructureShape shape, byte[] body) {
        return DECODERS.get().read(shape, body);
    }

    private Structure read(StructureShape shape, byte[] body) {
        boolean done = false;
        try (var parser = JSON.createParser(body)) {
            var token = parser.nextToken();
            if (token != JsonToken.START_OBJECT)
                throw RequestRefusedException.malformed();
            var input = structure(shape, parser);
            if (parser.nextToken() != null)
                throw RequestRefusedException.malformed();
            done = true;
            return input;
        } catch (IOException e) {
            throw RequestRefusedException.malformed();
        } finally {
            if (!done)
                attributes.reset();
        }
    }

    private Structure structure(StructureShape shape, JsonParser parser) throws IOException {
        @Nullable
        Object[] values = new @Nullable Object[shape.members().size()];
        for (String name; (name = parser.nextFieldName()) != null;) {
            var token = parser.nextToken();
            var member = shape.member(name);
            if (member == null)
                parser.skipChildren();
            else
                values[member.index()] = token == JsonToken.VALUE_NULL ? null : member(member, parser, token);
        }
        return new Structure(shape, values);
    }

    private Object member(Member member, JsonParser parser, JsonToken token) throws IOException {
        if (member.shape() instanceof Shape.Attributes && token == JsonToken.START_OBJECT)
            return attributes.item(parser, Owner.of(member.name()));
        return value(member.shape(), parser, token, Place.MEMBER);
    }

    private Object value(Shape shape, JsonParser parser, JsonToken token, Place place) throws IOException {
        return switch (shape) {
            case Shape.Text _ when token == JsonToken.VALUE_STRING -> parser.getText();
            case Shape.Bool _ -> AttributeReader.bool(parser, token);
            case Shape.Whole whole when token.isNumeric() -> whole(whole, parser, token);
            case Shape.Real _ when token.isNumeric() -> parser.getDoubleValue();
            case Shape.Time _ when token.isNumeric() -> time(parser);
            case Shape.Bytes _ when token == JsonToken.VALUE_STRING -> bytes(parser);
            case Shape.ListOf list when token == JsonToken.START_ARRAY -> list(list, parser);
            case Shape.MapOf map when token == JsonToken.START_OBJECT -> map(map, parser);
            case Shape.Attributes _ when token == JsonToken.START_OBJECT -> attributes.item(parser, Owner.OTHER);
            case Shape.AttributeValue _ -> attributes.value(parser, token, place);
            case StructureShape structure when token == JsonToken.START_OBJECT -> structure(structure, parser);
            case Shape.Text _,Shape.Whole _,Shape.Real _,Shape.Time _,Shape.Bytes _,Shape.ListOf _,Shape.MapOf _,Shape.Attributes _,StructureShape _ ->
                throw Mismatch.of(shape, token, place);
        };
    }

    private List<@Nullable Object> list(Shape.ListOf shape, JsonParser parser) throws IOException {
        var list = new ArrayList<@Nullable Object>();
        for (JsonToken token; (token = parser.nextToken()) != JsonToken.END_ARRAY;)
            list.add(token == JsonToken.VALUE_NULL ? null : value(shape.element(), parser, token, Place.ELEMENT));
        return list;
    }

    private Map<String, @Nullable Object> map(Shape.MapOf shape, JsonParser parser) throws IOException {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (String key; (key = parser.nextFieldName()) != null;) {
            var token = parser.nextToken();
            map.put(key, token == JsonToken.VALUE_NULL ? null : value(shape.value(), parser, token, Place.ELEMENT));
        }
        return map;
    }

    /// What does not fit is cut to the nearest that does, and fractions are cut off: constraints then say what they say.
    private static Object whole(Shape.Whole shape, JsonParser parser, JsonToken token) throws IOException {
        long value;
        if (token == JsonToken.VALUE_NUMBER_INT) {
            value = switch (parser.getNumberType()) {
                case INT, LONG -> parser.getLongValue();
                case BIG_INTEGER -> parser.getText().startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
                default -> throw new IllegalStateException("no integer: " + parser.getNumberType());
            };
        } else
            value = (long) parser.getDoubleValue();
        if (shape.wide())
            return value;
        return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static Object time(JsonParser parser) throws IOException {
        double seconds = parser.getDoubleValue();
        if (!(Math.abs(seconds) < 1e11)) // beyond the year 5000
            throw RequestRefusedException.malformed();
        return Instant.ofEpochMilli(Math.round(seconds * 1000));
    }

    private static byte[] bytes(JsonParser parser) throws IOException {
        int length = parser.getTextLength();
        var bytes = new byte[Base64Text.room(length)];
        int count = Base64Text.decode(parser.getTextCharacters(), parser.getTextOffset(), length, bytes);
        return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
}
