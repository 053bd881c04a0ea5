package io.cairn.server.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.cairn.server.http.RefusedException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a form that uploads a file may hold, as whoever signed it allowed (Amazon S3 API reference, "Creating a POST policy").
///
/// @param minBytes of the file
record PostPolicy(Instant expiration, List<Condition> conditions, long minBytes, long maxBytes) {
    /// With the escapes and the comma behind the last condition that AWS's own examples have.
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER).enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build()).build();
    /// Fields that need no condition.
    private static final Set<String> FREE = Set.of("x-amz-signature", "file", "policy", "awsaccesskeyid", "signature", "submit");

    /// @param field lower case
    record Condition(boolean prefix, String field, String value) {
        /// @param actual null when the form has no such field
        boolean holds(@Nullable String actual) {
            if (actual == null)
                return false;
            if (!prefix)
                return actual.equals(value);
            // "Condition matching": of a list of content types each must begin so.
            return !field.equals("content-type")
                    ? actual.startsWith(value)
                    : Arrays.stream(actual.split(",")).allMatch(type -> type.strip().startsWith(value));
        }

        String text() {
            return "[\"%s\", \"$%s\", \"%s\"]".formatted(prefix ? "starts-with" : "eq", field, value);
        }
    }

    static PostPolicy read(String base64) {
        byte[] document;
        try {
            document = Base64.getDecoder().decode(base64.replaceAll("[ \t\r\n]", ""));
        } catch (IllegalArgumentException e) {
            throw invalid("it is not base64");
        }
        try (var in = JSON.createParser(document)) {
            return read(in);
        } catch (IOException e) {
            throw invalid("Invalid JSON.");
        } catch (DateTimeException e) {
            throw invalid("Invalid 'expiration' value");
        }
    }

    private static PostPolicy read(JsonParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT)
            throw invalid("Invalid JSON.");
        Instant expiration = null;
        var read = new Conditions();
        boolean conditions = false;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            var name = in.currentName();
            var token = in.nextToken();
            if (name.equals("expiration") && token == JsonToken.VALUE_STRING)
                expiration = Instant.parse(in.getText());
            else if (name.equals("conditions") && token == JsonToken.START_ARRAY) {
                conditions = true;
                read.read(in);
            } else
                throw invalid("Unexpected: '" + name + "'");
        }
        if (in.nextToken() != null)
            throw invalid("there is text behind the document");
        if (expiration == null)
            throw invalid("Policy missing expiration.");
        if (!conditions)
            throw invalid("Policy missing conditions.");
        return new PostPolicy(expiration, List.copyOf(read.list), read.min, read.max);
    }

    private static final class Conditions {
        final List<Condition> list = new ArrayList<>();
        long min;
        long max = Long.MAX_VALUE;

        void read(JsonParser in) throws IOException {
            for (var token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken())
                switch (token) {
                    case START_OBJECT -> {
                        while (in.nextToken() == JsonToken.FIELD_NAME) {
                            var field = in.currentName();
                            in.nextToken();
                            list.add(new Condition(false, field.toLowerCase(Locale.ROOT), text(in)));
                        }
                    }
                    case START_ARRAY -> array(in);
                    case null, default -> throw invalid("Invalid 'conditions' value: must be a List.");
                }
        }

        private void array(JsonParser in) throws IOException {
            in.nextToken();
            var operator = text(in).toLowerCase(Locale.ROOT);
            in.nextToken();
            if (operator.equals("content-length-range")) {
                min = Math.max(min, number(in));
                in.nextToken();
                max = Math.min(max, number(in));
            } else if (operator.equals("eq") || operator.equals("starts-with")) {
                var field = text(in);
                in.nextToken();
                if (!field.startsWith("$"))
                    throw invalid("Invalid Simple-Condition: field must begin with $: " + field);
                list.add(new Condition(operator.equals("starts-with"), field.substring(1).toLowerCase(Locale.ROOT), text(in)));
            } else
                throw invalid("Invalid Condition: unknown operation: " + operator);
            if (in.nextToken() != JsonToken.END_ARRAY)
                throw invalid("Invalid Condition: too many values");
        }

        private static String text(JsonParser in) throws IOException {
            var token = in.currentToken();
            if (token == null || !token.isScalarValue())
                throw invalid("Invalid Condition: a text was expected");
            return in.getText();
        }

        private static long number(JsonParser in) throws IOException {
            try {
                long number = Long.parseLong(text(in));
                if (number >= 0)
                    return number;
            } catch (NumberFormatException e) {
                // refused below
            }
            throw invalid("Invalid content-length-range: " + in.getText());
        }
    }

    /// Whether the form is one that was allowed, but for the length of its file.
    ///
    /// @param fields by their names in lower case; `bucket` among them
    void require(Map<String, String> fields, Instant now) {
        if (!now.isBefore(expiration))
            throw denied("Policy expired.");
        var covered = new HashSet<String>();
        for (var condition : conditions) {
            covered.add(condition.field());
            if (!condition.holds(fields.get(condition.field())))
                throw denied("Policy Condition failed: " + condition.text());
        }
        for (var field : fields.keySet())
            if (!covered.contains(field) && !FREE.contains(field) && !field.startsWith("x-ignore-"))
                throw denied("Extra input fields: " + field);
    }

    private static RefusedException denied(String why) {
        return new RefusedException(403, "AccessDenied", "Invalid according to Policy: " + why);
    }

    private static RefusedException invalid(String why) {
        return new RefusedException(400, "InvalidPolicyDocument", "Invalid Policy: " + why);
    }
}
