package io.cairn.server.cli.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds what is worth writing.
public final class Zeros {
    /// The largest block that is looked at as one.
    private static final byte[] ZEROS = new byte[64 << 10];

    private Zeros() {}

    /// Runs of blocks that are not all zeros, by their place in `bytes`, which has an array and is looked at from 0 to its limit.
    ///
    /// @param blockBytes the last block may be shorter
    public static List<Range> skipped(ByteBuffer bytes, int blockBytes) {
        var runs = new ArrayList<Range>();
        int begin = -1;
        for (int at = 0; at < bytes.limit(); at += blockBytes) {
            boolean zero = isZero(bytes, at, Math.min(bytes.limit(), at + blockBytes));
            if (!zero && begin < 0)
                begin = at;
            if (zero && begin >= 0) {
                runs.add(new Range(begin, at - begin));
                begin = -1;
            }
        }
        if (begin >= 0)
            runs.add(new Range(begin, bytes.limit() - begin));
        return runs;
    }

    private static boolean isZero(ByteBuffer bytes, int from, int to) {
        return Arrays.equals(bytes.array(), bytes.arrayOffset() + from, bytes.arrayOffset() + to, ZEROS, 0, to - from);
    }
}
