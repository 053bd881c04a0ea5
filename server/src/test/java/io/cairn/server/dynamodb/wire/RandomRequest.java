package io.cairn.server.dynamodb.wire;

import java.util.Random;

/// A request that fits its shape, but for one value in `wrongEvery`.
final class RandomRequest {
    private final Random random;
    private final int wrongEvery;
    private final PlainJson json;

    /// @param wrongEvery 0 for never
    RandomRequest(Random random, int wrongEvery) {
        this.random = random;
        this.wrongEvery = wrongEvery;
        this.json = new PlainJson(random);
    }

    PlainJson of(StructureShape shape) {
        structure(shape);
        return json;
    }

    private void structure(StructureShape shape) {
        json.put("{");
        var comma = "";
        for (var member : shape.members()) {
            if (random.nextInt(3) == 0 && !member.required())
                continue;
            json.put(comma).text(member.name()).put(":");
            value(member.shape());
            comma = ",";
        }
        if (random.nextInt(5) == 0)
            json.put(comma).put("\"Unknown\":[{\"a\":{}},null]");
        json.put("}");
    }

    private void value(Shape shape) {
        if (wrongEvery > 0 && random.nextInt(wrongEvery) == 0) {
            json.put(new String[]{"null", "1", "1.5", "true", "false", "\"yes\"", "\"x\"", "[]", "{}", "[null]"}[random
                    .nextInt(10)]);
            return;
        }
        switch (shape) {
            case Shape.Text text -> json.text(!text.values().isEmpty()
                    ? text.values().get(random.nextInt(text.values().size()))
                    : text.pattern() == null && random.nextBoolean()
                            ? new RandomValues(random.nextLong()).text()
                            : "a".repeat(40));
            case Shape.Whole _ -> json.put(random.nextInt(8) == 0 ? "1.75" : Integer.toString(random.nextInt(200)));
            case Shape.Real _ -> json.put(Double.toString(random.nextDouble()));
            case Shape.Bool _ -> json.put(random.nextBoolean() ? "true" : "false");
            case Shape.Bytes _ -> json.text("YWI=");
            case Shape.Time _ -> json.put(Long.toString(random.nextLong(1L << 31)));
            case Shape.ListOf list -> {
                json.put("[");
                for (int i = 0, count = 1 + random.nextInt(2); i < count; i++) {
                    json.put(i == 0 ? "" : ",");
                    value(list.element());
                }
                json.put("]");
            }
            case Shape.MapOf map -> {
                json.put("{");
                for (int i = 0, count = random.nextInt(3); i < count; i++) {
                    json.put(i == 0 ? "" : ",").text("name" + i).put(":");
                    value(map.value());
                }
                json.put("}");
            }
            case Shape.AttributeValue _ -> json.put(random.nextBoolean() ? "{\"N\":\"1.50\"}" : "{\"L\":[{\"S\":\"a\"}]}");
            case Shape.Attributes _ -> json.item(new RandomValues(random.nextLong()).item());
            case StructureShape structure -> structure(structure);
        }
    }
}
