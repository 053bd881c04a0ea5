package io.cairn.block.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class FramesTest {
    private static final int HALF = 512 << 10;
    private final Frames frames = new Frames();

    /// Whoever took it failed afterwards: the log will write it all the same.
    @Test
    void aFrameThatWasHandedOverIsNobodyElsesUntilItIsReleased() {
        var waits = frames.take(HALF);
        waits.bytes.put(0, (byte) 77);
        waits.handOver();
        frames.end(waits);
        var beside = frames.take(HALF);
        for (int i = 0; i < 4; i++) {
            var other = frames.take(2 * HALF);
            other.bytes.put(0, (byte) i);
            if (i == 1)
                frames.end(beside);
            frames.end(other);
        }
        assertEquals(77, waits.bytes.get(0));
    }
}
