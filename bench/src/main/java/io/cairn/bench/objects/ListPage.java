package io.cairn.bench.objects;

import io.cairn.bench.http.HttpConnection.Sink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One answer to ListObjectsV2, scanned for what tells a right one: how many keys, the first, the last, and where to go on. No XML is parsed:
/// that would cost the shared cores more than some servers need to write it. Reused; one thread.
final class ListPage implements Sink {
    private static final int MAX_BYTES = 16 << 20;
    private static final byte[] KEY = "<Key>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NEXT = "<NextContinuationToken>".getBytes(StandardCharsets.US_ASCII);
    private byte[] bytes = new byte[512 << 10];
    private int length;
    private int count;
    private int first;
    private int last;
    private int next;

    void clear() {
        length = 0;
    }

    @Override
    public void accept(ByteBuffer piece) {
        if (length + piece.remaining() > MAX_BYTES)
            throw new IllegalStateException("a page of a listing is longer than " + MAX_BYTES + " bytes");
        if (length + piece.remaining() > bytes.length)
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + piece.remaining()));
        int count = piece.remaining();
        piece.get(bytes, length, count);
        length += count;
    }

    /// Call once the page is whole.
    void scan() {
        count = 0;
        first = -1;
        last = -1;
        next = -1;
        for (int i = 0; i < length; i++) {
            if (bytes[i] != '<')
                continue;
            if (at(i, KEY)) {
                last = i + KEY.length;
                if (count++ == 0)
                    first = last;
            } else if (at(i, NEXT))
                next = i + NEXT.length;
        }
    }

    private boolean at(int offset, byte[] tag) {
        return offset + tag.length <= length && Arrays.equals(bytes, offset, offset + tag.length, tag, 0, tag.length);
    }

    int count() {
        return count;
    }

    String firstKey() {
        return text(first);
    }

    String lastKey() {
        return text(last);
    }

    /// Empty on the last page.
    String nextToken() {
        return text(next);
    }

    private String text(int begin) {
        if (begin < 0)
            return "";
        int end = begin;
        while (end < length && bytes[end] != '<')
            end++;
        return new String(bytes, begin, end - begin, StandardCharsets.UTF_8).replace("&amp;", "&").replace("&quot;", "\"")
                .replace("&lt;", "<").replace("&gt;", ">");
    }
}
