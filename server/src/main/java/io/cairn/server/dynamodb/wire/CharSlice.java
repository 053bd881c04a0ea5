package io.cairn.server.dynamodb.wire;

/// Part of a buffer that is used again and again, as text. Not thread-safe.
final class CharSlice implements CharSequence {
    private char[] chars = new char[0];
    private int from;
    private int length;

    /// What `length` characters from `from` on say, as long as the buffer is not changed.
    CharSlice of(char[] buffer, int start, int count) {
        chars = buffer;
        from = start;
        length = count;
        return this;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(int index) {
        return chars[from + index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new String(chars, from + start, end - start);
    }

    @Override
    public String toString() {
        return new String(chars, from, length);
    }
}
