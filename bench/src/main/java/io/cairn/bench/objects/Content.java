package io.cairn.bench.objects;

import io.cairn.bench.match.WrongAnswerException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/// Random bodies of one size, with what must come back of them: object `index` has body `index % bodies`. Immutable; any thread.
final class Content {
    private static final long SEED = 20_260_101;

    /// @param bytes direct; positions of views are the user's own
    /// @param md5 hexadecimal, which is what S3 answers as ETag
    record Body(ByteBuffer bytes, String md5, int crc32c) {
        ByteBuffer view() {
            return bytes.duplicate();
        }

        byte[] array() {
            var array = new byte[bytes.remaining()];
            view().get(array);
            return array;
        }
    }

    private final int size;
    private final List<Body> bodies = new ArrayList<>();

    Content(int size, int count) {
        this.size = size;
        var random = new Random(SEED + size);
        for (int i = 0; i < count; i++) {
            var array = new byte[size];
            random.nextBytes(array);
            var bytes = ByteBuffer.allocateDirect(size).put(array).flip();
            bodies.add(new Body(bytes, HexFormat.of().formatHex(md5().digest(array)), crc32c(bytes)));
        }
    }

    int size() {
        return size;
    }

    /// How many different bodies there are.
    int count() {
        return bodies.size();
    }

    Body body(long index) {
        return bodies.get((int) (index % bodies.size()));
    }

    /// Holds what was received of object `index` against what it is.
    void check(long index, long length, long crc32c) {
        if (length != size)
            throw new WrongAnswerException("object " + index + " has " + size + " bytes, " + length + " came");
        if ((int) crc32c != body(index).crc32c)
            throw new WrongAnswerException("object " + index + " came with other bytes: crc32c %08x, expected %08x"
                    .formatted((int) crc32c, body(index).crc32c));
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private static int crc32c(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
