package io.cairn.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.VolumeLimits.Rate;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The figures of the EBS user guide, as its tables have them.
class VolumeLimitsTest {
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;

    private static VolumeLimits of(VolumeType type, long gibibytes) {
        return VolumeLimits.published(type, gibibytes * GIB, OptionalLong.empty(), OptionalLong.empty());
    }

    private static VolumeLimits provisioned(VolumeType type, long iops) {
        return VolumeLimits.published(type, 100 * GIB, OptionalLong.of(iops), OptionalLong.empty());
    }

    @ParameterizedTest
    @CsvSource({"1,100,3000,5400000,128", "33,100,3000,5400000,128", "34,102,3000,5400000,128", "100,300,3000,5400000,128",
            "170,510,3000,5400000,128", "334,1002,3000,5400000,250", "1000,3000,3000,0,250", "5334,16000,16000,0,250",
            "16384,16000,16000,0,250"})
    void gp2(long gibibytes, long iops, long burst, long credits, long mebibytes) {
        assertEquals(new VolumeLimits(new Rate(iops, burst, credits), Rate.steady(mebibytes * MIB), 256 << 10),
                of(VolumeType.GP2, gibibytes));
    }

    @Test
    void gp3HasTheSameAtEverySizeAndWhatIsProvisioned() {
        assertEquals(new VolumeLimits(Rate.steady(3000), Rate.steady(125 * MIB), 256 << 10), of(VolumeType.GP3, 1));
        assertEquals(of(VolumeType.GP3, 1), of(VolumeType.GP3, 16_000));
        assertEquals(new VolumeLimits(Rate.steady(16_000), Rate.steady(1000 * MIB), 256 << 10),
                VolumeLimits.published(VolumeType.GP3, GIB, OptionalLong.of(16_000), OptionalLong.of(1000)));
    }

    @ParameterizedTest
    @CsvSource({"IO1,100,25", "IO1,2000,500", "IO1,32000,500", "IO1,48000,750", "IO1,64000,1000", "IO2,100,25", "IO2,16000,4000",
            "IO2,256000,4000"})
    void provisionedIops(VolumeType type, long iops, long mebibytes) {
        assertEquals(new VolumeLimits(Rate.steady(iops), Rate.steady(mebibytes * MIB), 256 << 10), provisioned(type, iops));
    }

    /// In MiB/s.
    @ParameterizedTest
    @CsvSource({"ST1,1024,500,40,250", "ST1,2048,500,80,500", "ST1,12800,500,500,500", "ST1,16384,500,500,500",
            "SC1,1024,250,12,80", "SC1,4096,250,48,250", "SC1,16384,250,192,250"})
    void disks(VolumeType type, long gibibytes, long iops, long base, long burst) {
        var limits = of(type, gibibytes);
        assertEquals(Rate.steady(iops), limits.operations());
        assertEquals(new Rate(base * MIB, burst * MIB, base == burst ? 0 : gibibytes * GIB), limits.bytes());
        assertEquals(1 << 20, limits.operationBytes());
    }

    @Test
    void aDiskThatIsSmallerThanEbsMakesThemIsAsFastAsTheLeast() {
        assertEquals(of(VolumeType.ST1, 125), of(VolumeType.ST1, 1));
        assertEquals(of(VolumeType.SC1, 125),
                VolumeLimits.published(VolumeType.SC1, 1, OptionalLong.empty(), OptionalLong.empty()));
    }

    @Test
    void anEphemeralVolumeHasNone() {
        assertTrue(of(VolumeType.EPHEMERAL, 1).operations().isUnlimited() && of(VolumeType.EPHEMERAL, 1).bytes().isUnlimited());
        assertThrows(IllegalArgumentException.class, () -> new Rate(2, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> Rate.steady(0));
    }
}
