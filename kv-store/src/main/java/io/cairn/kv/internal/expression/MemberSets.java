package io.cairn.kv.internal.expression;

import io.cairn.kv.internal.item.Encoded;
import io.cairn.replication.Varint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Unions and differences of two sets of one type. Both are sorted, so one pass over their bytes does it.
final class MemberSets {
    private final byte[] left;
    private final byte[] right;
    private int leftAt;
    private int rightAt;
    private int leftCount;
    private int rightCount;
    private final byte[] members;
    private int length;
    private int count;

    private MemberSets(Place left, Place right) {
        this.left = left.bytes();
        this.right = right.bytes();
        leftAt = Encoded.first(this.left, left.at());
        rightAt = Encoded.first(this.right, right.at());
        leftCount = Encoded.count(this.left, left.at());
        rightCount = Encoded.count(this.right, right.at());
        members = new byte[left.end() - leftAt + right.end() - rightAt];
    }

    static Place union(Place left, Place right) {
        var sets = new MemberSets(left, right);
        while (sets.leftCount > 0 || sets.rightCount > 0) {
            int order = sets.order();
            if (order <= 0)
                sets.takeLeft(true);
            if (order == 0)
                sets.skipRight();
            else if (order > 0)
                sets.takeRight();
        }
        return sets.result(left.tag());
    }

    /// What is in `left` alone; null for nothing.
    static @Nullable Place difference(Place left, Place right) {
        var sets = new MemberSets(left, right);
        while (sets.leftCount > 0) {
            int order = sets.order();
            if (order <= 0)
                sets.takeLeft(order < 0);
            if (order >= 0)
                sets.skipRight();
        }
        return sets.count == 0 ? null : sets.result(left.tag());
    }

    private int order() {
        if (leftCount == 0)
            return 1;
        if (rightCount == 0)
            return -1;
        int from = Encoded.afterVarint(left, leftAt);
        int otherFrom = Encoded.afterVarint(right, rightAt);
        return Arrays.compareUnsigned(left, from, from + Encoded.varint(left, leftAt), right, otherFrom,
                otherFrom + Encoded.varint(right, rightAt));
    }

    private void takeLeft(boolean keep) {
        int end = Encoded.afterVarint(left, leftAt) + Encoded.varint(left, leftAt);
        if (keep)
            keep(left, leftAt, end);
        leftAt = end;
        leftCount--;
    }

    private void takeRight() {
        int from = rightAt;
        skipRight();
        keep(right, from, rightAt);
    }

    private void skipRight() {
        rightAt = Encoded.afterVarint(right, rightAt) + Encoded.varint(right, rightAt);
        rightCount--;
    }

    private void keep(byte[] source, int from, int end) {
        System.arraycopy(source, from, members, length, end - from);
        length += end - from;
        count++;
    }

    private Place result(byte tag) {
        int rest = Varint.length(count) + length;
        var set = new byte[1 + Varint.length(rest) + rest];
        set[0] = tag;
        int at = Varint.put(set, Varint.put(set, 1, rest), count);
        System.arraycopy(members, 0, set, at, length);
        return new Place(set, 0);
    }
}
