package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/// Whatever comes, a request is decoded as a plain decoder does, or refused in one of two ways.
class RequestDecoderProperties {
    private static final List<Operation> OPERATIONS = List.copyOf(Requests.MODEL.operations());

    private static @Nullable Structure decoded(Operation operation, byte[] body) {
        try {
            return RequestDecoder.decode(operation, body);
        } catch (RequestRefusedException e) {
            if (e.type() != ErrorType.SERIALIZATION && e.type() != ErrorType.VALIDATION)
                throw e;
            return null;
        }
    }

    @Property(tries = 2000)
    void anyBytes(@ForAll byte[] body, @ForAll long seed) {
        var _ = decoded(OPERATIONS.get(Math.floorMod(seed, OPERATIONS.size())), body);
    }

    /// Bytes changed here and there in what was right.
    @Property(tries = 3000)
    void damagedRequests(@ForAll long seed) {
        var random = new Random(seed);
        var operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
        var body = new RandomRequest(random, 0).of(operation.input()).toString().getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i >= 0 && body.length > 0; i--)
            body[random.nextInt(body.length)] = random.nextBoolean()
                    ? (byte) random.nextInt(256)
                    : (byte) "{}[]\",:\\0tfn".charAt(random.nextInt(12));
        var _ = decoded(operation, body);
    }

    /// Types of JSON are told apart as the plain decoder does, and what is read is the same.
    @Property(tries = 5000)
    void asThePlainDecoder(@ForAll long seed) throws Exception {
        var random = new Random(seed);
        var operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
        var body = new RandomRequest(random, random.nextBoolean() ? 0 : 60).of(operation.input()).toString();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var expected = PlainDecoder.decode(operation.input(), JsonTree.parse(bytes));
        String actual;
        try {
            actual = PlainDecoder.text(RequestDecoder.decodeForm(operation.input(), bytes));
        } catch (RequestRefusedException e) {
            assertEquals(ErrorType.SERIALIZATION, e.type());
            actual = PlainDecoder.WRONG;
        }
        assertEquals(expected, actual, body);
    }
}
