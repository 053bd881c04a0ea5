package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What of a transaction its token stands for.
class RequestHashTest {
    private static final String PUT = """
            {"TransactItems":[{"Put":{"TableName":"Music","Item":{"a":{"S":"x"},"b":{"N":"1.50"},"c":{"SS":["p","q"]}},
             "ConditionExpression":"#a = :v","ExpressionAttributeNames":{"#a":"a","#b":"b"},"ExpressionAttributeValues":{":v":{"S":"x"}}}}]}""";

    private static byte[] hash(String json) {
        return RequestHash.of(Requests.decode("TransactWriteItems", json), "TransactItems");
    }

    /// Names in another order, blanks, another form of a number, and what only changes how the answer is told.
    @Test
    void theSameRequestInOtherWords() {
        assertArrayEquals(hash(PUT), hash(
                """
                        {"ReturnConsumedCapacity":"TOTAL","ClientRequestToken":"t", "TransactItems" : [ {"Put":{
                         "ExpressionAttributeNames":{"#b":"b","#a":"a"},"Item":{"c":{"SS":["q","p"]},"b":{"N":"1.5"},"a":{"S":"x"}},
                         "ExpressionAttributeValues":{":v":{"S":"x"}},"ConditionExpression":"#a = :v","TableName":"Music"}}]}"""));
    }

    @Test
    void anotherRequestHasAnotherHash() {
        var others = List.of(PUT, PUT.replace("Music", "Songs"), PUT.replace("1.50", "1.51"),
                PUT.replace("\"S\":\"x\"},\"b\"", "\"S\":\"y\"},\"b\""),
                PUT.replace("#a = :v", "#b = :v"), PUT.replace("\"#b\":\"b\"", "\"#b\":\"c\""),
                PUT.replace("{\"S\":\"x\"}}}}]", "{\"S\":\"z\"}}}}]"),
                PUT.substring(0, PUT.length() - 2) + ",{\"Delete\":{\"TableName\":\"Music\",\"Key\":{}}}]}",
                PUT.replace("{\"Put\"", "{\"Delete\":{\"TableName\":\"Music\",\"Key\":{}}},{\"Put\""));
        assertEquals(others.size(),
                others.stream().map(json -> HexFormat.of().formatHex(hash(json))).collect(Collectors.toSet()).size());
    }
}
