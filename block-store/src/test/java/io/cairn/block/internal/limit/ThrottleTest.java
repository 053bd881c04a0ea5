package io.cairn.block.internal.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.VolumeLimits;
import io.cairn.block.VolumeLimits.Rate;
import io.cairn.block.VolumeType;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// How long requests wait, in a time that the test makes.
class ThrottleTest {
    private static final long SECOND = 1_000_000_000;
    private static final long GIB = 1L << 30;
    private long now = 1_700_000_000 * SECOND;

    private static VolumeLimits published(VolumeType type, long gibibytes) {
        return VolumeLimits.published(type, gibibytes * GIB, OptionalLong.empty(), OptionalLong.empty());
    }

    /// A client that has one request under way at a time: how many were done in the time.
    private long requests(Throttle throttle, int bytes, long seconds) {
        long end = now + seconds * SECOND;
        long count = 0;
        while (now < end) {
            now += throttle.take(bytes, now);
            count++;
        }
        return count;
    }

    private static void about(double expected, long actual) {
        assertEquals(expected, (double) actual, expected / 1000);
    }

    @Test
    void aSteadyRateIsKeptAndATenthOfASecondIsMadeUpFor() {
        var throttle = new Throttle(published(VolumeType.GP3, 10), now);
        for (int i = 0; i < 300; i++)
            assertEquals(0, throttle.take(4096, now), "request " + i);
        assertEquals(333_334, throttle.take(4096, now), "3,000 a second");
        assertEquals(666_667, throttle.take(4096, now), "behind those before");
        now += SECOND;
        about(3000 * 60 + 300, requests(throttle, 4096, 60));
        now += 3600 * SECOND;
        about(3000 * 60 + 300, requests(throttle, 4096, 60)); // an hour without requests leaves no more
    }

    @Test
    void aLargeRequestIsSeveralOperationsAndItsBytesCount() {
        var throttle = new Throttle(new VolumeLimits(Rate.steady(1000), Rate.UNLIMITED, 256 << 10), now);
        about(1000 * 10 + 100, requests(throttle, 256 << 10, 10));
        now += SECOND;
        about((1000 * 10 + 100) / 2.0, requests(throttle, (256 << 10) + 1, 10));
        now += SECOND;
        about((1000 * 10 + 100) / 4.0, requests(throttle, 1 << 20, 10));
        var bytes = new Throttle(published(VolumeType.GP3, 10), now);
        about(125 * 10.1, requests(bytes, 1 << 20, 10)); // 500 operations a second, so bytes are what is short
    }

    @Test
    void gp2BurstsForTwoThousandSecondsAndEarnsCreditsWhileItRests() {
        var throttle = new Throttle(published(VolumeType.GP2, 100), now);
        long begun = now;
        long burst = requests(throttle, 4096, 1990);
        about(3000.0 * 1990, burst);
        requests(throttle, 4096, 30);
        about(300 * 100, requests(throttle, 4096, 100)); // the bucket is empty: 3 for each GiB
        assertTrue(now - begun > 2100 * SECOND);
        now += 900 * SECOND; // earns 270,000
        about(3000 * 99 + 300, requests(throttle, 4096, 99));
        requests(throttle, 4096, 5);
        about(300 * 100, requests(throttle, 4096, 100));
    }

    @Test
    void st1MovesATebibyteOfCredits() {
        var throttle = new Throttle(published(VolumeType.ST1, 1024), now);
        about(250 * 4900, requests(throttle, 1 << 20, 4900)); // 1 TiB at 210 MiB/s beyond its base
        requests(throttle, 1 << 20, 200);
        about(40 * 1000, requests(throttle, 1 << 20, 1000));
    }

    @Test
    void aClockThatIsSetBackDelaysByNoMoreThanThat() {
        var throttle = new Throttle(published(VolumeType.GP3, 10), now);
        requests(throttle, 4096, 10);
        long wait = throttle.take(4096, now - SECOND);
        assertTrue(wait >= SECOND && wait < SECOND + SECOND / 100, "waits " + wait);
    }
}
