package io.cairn.server.sigv4;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growable run of bytes, used again and again by one thread, so that building canonical requests makes no garbage.
/// Characters are bytes here (ISO-8859-1), as a head is read from the wire; one that is none, as decoded text may have, is its UTF-8
/// bytes, so that it is never taken for another.
final class Scratch {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    /// A head of 64 KiB grows threefold when every byte of it is escaped; an array larger than that is not kept.
    private static final int KEPT_BYTES = 256 << 10;
    private byte[] bytes = new byte[2048];
    private int length;

    Scratch clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES)
            bytes = new byte[2048];
        return this;
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    Scratch put(int value) {
        if (length == bytes.length)
            bytes = Arrays.copyOf(bytes, length * 2);
        bytes[length++] = (byte) value;
        return this;
    }

    Scratch put(CharSequence text) {
        return put(text, 0, text.length());
    }

    Scratch put(CharSequence text, int from, int to) {
        room(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c > 0xff)
                return put(text.subSequence(i, to).toString().getBytes(StandardCharsets.UTF_8));
            bytes[length++] = (byte) c;
        }
        return this;
    }

    private Scratch put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    Scratch putHex(byte[] value) {
        room(value.length * 2);
        for (byte b : value) {
            bytes[length++] = HEX[b >> 4 & 15];
            bytes[length++] = HEX[b & 15];
        }
        return this;
    }

    void truncate(int newLength) {
        length = newLength;
    }

    private void room(int more) {
        if (bytes.length - length < more)
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
