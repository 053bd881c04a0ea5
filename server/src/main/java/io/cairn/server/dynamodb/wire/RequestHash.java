package io.cairn.server.dynamodb.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.kv.Item;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// SHA-256 of what a part of a request says, whatever its JSON looked like: the order of names, blanks, and forms of the same number make no
/// difference. A program that sends a request again after it was started anew may well write it in another order.
///
/// Each value is written as a letter for its kind, a count or length, and its content, so that no two requests are written alike.
public final class RequestHash {
    private final MessageDigest digest;

    private RequestHash(MessageDigest digest) {
        this.digest = digest;
    }

    /// Of one member of the request.
    public static byte[] of(Structure request, String member) {
        try {
            var hash = new RequestHash(MessageDigest.getInstance("SHA-256"));
            hash.add(request.at(request.shape().index(member)));
            return hash.digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void add(@Nullable Object value) {
        switch (value) {
            case null -> begin('0', 0);
            case Structure structure -> {
                var members = structure.shape().members();
                begin('T', members.size());
                for (var member : members)
                    add(structure.at(member.index()));
            }
            case List<?> list -> {
                begin('L', list.size());
                list.forEach(this::add);
            }
            case Map<?, ?> map -> {
                begin('M', map.size());
                new TreeMap<>(map).forEach((key, inner) -> {
                    add(key);
                    add(inner);
                });
            }
            case Item item -> bytes('I', item.encoded());
            default -> bytes('S', value.toString().getBytes(UTF_8));
        }
    }

    private void bytes(char kind, byte[] content) {
        begin(kind, content.length);
        digest.update(content);
    }

    private void begin(char kind, int count) {
        digest.update(ByteBuffer.allocate(6).putChar(kind).putInt(count).flip());
    }
}
