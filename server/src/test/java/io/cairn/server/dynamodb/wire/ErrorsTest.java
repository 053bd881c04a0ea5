package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.cairn.kv.Item;
import io.cairn.kv.KvRefusedException;
import io.cairn.kv.KvRefusedException.Cancellation;
import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Bodies of errors, as the service has them (dynalite's test/connection.js, and the API reference).
class ErrorsTest {
    private static final Item ITEM = Item.of("a", Value.s("b"));

    private static void assertAnswer(int status, String body, Answer answer) {
        assertEquals(status, answer.status());
        assertEquals(body, body(answer));
        assertEquals("application/x-amz-json-1.0", answer.headers().get("Content-Type"));
        assertEquals("id", answer.headers().get("x-amzn-RequestId"));
    }

    private static String body(Answer answer) {
        if (answer.body() instanceof Answer.Body.Bytes(var bytes))
            return new String(bytes, StandardCharsets.UTF_8);
        throw new AssertionError("no body");
    }

    /// The checksums are those that dynalite recorded from the service.
    @Test
    void checksums() {
        var unknown = Errors.answer(ErrorType.UNKNOWN_OPERATION, null, "id");
        assertAnswer(400, "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}", unknown);
        assertEquals("1368724161", unknown.headers().get("x-amz-crc32"));
        var serialization = Errors.answer(ErrorType.SERIALIZATION, null, "id");
        assertEquals("3948637019", serialization.headers().get("x-amz-crc32"));
        var missing = Errors.answer(ErrorType.MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token", "id");
        assertEquals("2088342776", missing.headers().get("x-amz-crc32"));
        assertEquals("3552371480", Errors.noSuchPage("id").headers().get("x-amz-crc32"));
    }

    @Test
    void messageOrMessage() {
        assertAnswer(400, "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"x\"}",
                Errors.answer(RequestRefusedException.validation("x"), "id"));
        assertAnswer(400, "{\"__type\":\"com.amazon.coral.service#SerializationException\",\"Message\":\"x\"}",
                Errors.answer(RequestRefusedException.serialization("x"), "id"));
        assertAnswer(400, "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"x\"}",
                Errors.answer(ErrorType.ACCESS_DENIED, "x", "id"));
        assertAnswer(500, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\",\"message\":\"x\"}",
                Errors.answer(ErrorType.INTERNAL_SERVER_ERROR, "x", "id"));
    }

    @Test
    void conditions() {
        var type = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\",\"message\":\"The conditional request failed\"";
        var refused = KvRefusedException.conditionFailed(ITEM);
        assertAnswer(400, type + ",\"Item\":{\"a\":{\"S\":\"b\"}}}", Errors.answer(refused, i -> true, "id"));
        assertAnswer(400, type + "}", Errors.answer(refused, i -> false, "id"));
        assertAnswer(400, type + "}", Errors.answer(KvRefusedException.conditionFailed(null), i -> true, "id"));
    }

    @Test
    void transactions() {
        var failed = new Cancellation(Reason.CONDITION_FAILED, "The conditional request failed", ITEM);
        var refused = KvRefusedException.canceled(List.of(Cancellation.NONE, failed, failed));
        assertAnswer(400,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\",\"CancellationReasons\":["
                        + "{\"Code\":\"None\"},"
                        + "{\"Code\":\"ConditionalCheckFailed\",\"Message\":\"The conditional request failed\",\"Item\":{\"a\":{\"S\":\"b\"}}},"
                        + "{\"Code\":\"ConditionalCheckFailed\",\"Message\":\"The conditional request failed\"}],"
                        + "\"Message\":\"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]\"}",
                Errors.answer(refused, i -> i == 1, "id"));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAnAnswer(Reason reason) {
        var answer = Errors.answer(new KvRefusedException(reason, "x"), i -> true, "id");
        assertEquals(400, answer.status());
    }

    @ParameterizedTest
    @CsvSource({"403,InvalidAccessKeyId,400,UnrecognizedClientException",
            "403,SignatureDoesNotMatch,400,InvalidSignatureException",
            "403,AccessDenied,400,AccessDeniedException", "400,AuthorizationHeaderMalformed,400,IncompleteSignatureException",
            "400,EntityTooLarge,413,RequestEntityTooLargeException", "400,IncompleteBody,400,SerializationException",
            "503,SlowDown,400,ThrottlingException", "500,InternalError,500,InternalServerError",
            "408,RequestTimeout,408,SerializationException", "431,RequestHeaderSectionTooLarge,431,SerializationException"})
    void whatTheFrontDoorRefuses(int status, String code, int answered, String type) {
        var answer = Errors.answer(new Refusal(status, code, "why"), "id");
        assertEquals(answered, answer.status());
        assertEquals(type, body(answer).split("[#\"]")[4]);
    }

    @Test
    void timesAndSignatures() {
        var skewed = new Refusal(403, "RequestTimeTooSkewed", "too large",
                Map.of("RequestTime", "20130301T000000Z", "ServerTime", "2013-06-09T10:00:15.123Z"));
        assertAnswer(400, "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\",\"message\":\"Signature expired: "
                + "20130301T000000Z is now earlier than 20130609T094515Z (20130609T100015Z - 15 min.)\"}",
                Errors.answer(skewed, "id"));
        var mismatch = new Refusal(403, "SignatureDoesNotMatch", "no",
                Map.of("CanonicalRequest", "POST\n/", "StringToSign", "AWS4"));
        assertAnswer(400,
                "{\"__type\":\"com.amazon.coral.service#InvalidSignatureException\",\"message\":\"The request signature we"
                        + " calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the"
                        + " service documentation for details.\\n\\nThe Canonical String for this request should have been\\n'POST\\n/'\\n\\nThe"
                        + " String-to-Sign should have been\\n'AWS4'\\n\"}",
                Errors.answer(mismatch, "id"));
    }

    @Test
    void everyErrorOfTheModelHasAType() {
        for (var operation : Requests.MODEL.operations())
            for (var error : operation.errors())
                assertNotNull(ErrorType.ofCode(error), error);
    }
}
