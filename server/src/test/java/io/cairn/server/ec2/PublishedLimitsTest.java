package io.cairn.server.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeLimits;
import io.cairn.block.VolumeType;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PublishedLimitsTest {
    private static final long SIZE = 500L << 30;

    private static VolumeLimits limits(VolumeType type, Map<String, String> attributes) {
        return Ec2Face.publishedLimits(new VolumeDefinition(SIZE, type, Map.of(), attributes));
    }

    @Test
    void whatWasProvisionedCountsAndElseTheTypesOwn() {
        assertEquals(VolumeLimits.published(VolumeType.GP3, SIZE, OptionalLong.of(5000), OptionalLong.of(300)),
                limits(VolumeType.GP3, Map.of("iops", "5000", "throughput", "300", "zone", "us-east-1a")));
        assertEquals(5000, limits(VolumeType.GP3, Map.of("iops", "5000")).operations().perSecond());
        assertEquals(3000, limits(VolumeType.GP3, Map.of()).operations().perSecond());
        assertEquals(1500, limits(VolumeType.GP2, Map.of()).operations().perSecond());
        assertEquals(VolumeLimits.NONE, limits(VolumeType.EPHEMERAL, Map.of()));
    }
}
