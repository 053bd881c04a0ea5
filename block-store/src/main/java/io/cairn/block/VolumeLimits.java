package io.cairn.block;

import java.util.OptionalLong;

/// How fast a volume may be read and written, both together. What is more waits; see [BlockStoreOptions#limits]. TRIM, zeroing and flushes count for nothing.
///
/// @param operations a second; a request of more than `operationBytes` is several, as EBS counts
/// @param bytes a second
/// @param operationBytes the most that one operation moves; at least 1
public record VolumeLimits(Rate operations, Rate bytes, int operationBytes) {
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;
    private static final int SSD_OPERATION = 256 << 10;
    private static final int HDD_OPERATION = 1 << 20;
    /// A smaller volume of a type whose speed goes by its size is as fast as one of so many GiB, the least that EBS makes.
    private static final long LEAST_HDD_GIB = 125;

    public static final VolumeLimits NONE = new VolumeLimits(Rate.UNLIMITED, Rate.UNLIMITED, SSD_OPERATION);

    public VolumeLimits {
        if (operationBytes < 1)
            throw new IllegalArgumentException("an operation moves at least a byte, not " + operationBytes);
    }

    /// How many a second.
    ///
    /// @param perSecond in the long run; at least 1
    /// @param burstPerSecond while there are credits: the same, or more
    /// @param credits what a new volume has, and at most: one for each that it did not use, and each beyond `perSecond` costs one. 0 when there is no burst
    public record Rate(long perSecond, long burstPerSecond, long credits) {
        public static final Rate UNLIMITED = new Rate(Long.MAX_VALUE, Long.MAX_VALUE, 0);

        public Rate {
            if (perSecond < 1 || burstPerSecond < perSecond || credits < 0)
                throw new IllegalArgumentException("not a rate: " + perSecond + " a second, " + burstPerSecond
                        + " in a burst, " + credits + " credits");
        }

        /// The same at any time.
        public static Rate steady(long perSecond) {
            return new Rate(perSecond, perSecond, 0);
        }

        public boolean isUnlimited() { return perSecond == Long.MAX_VALUE; }
    }

    /// What EBS has published for a type and size (Amazon EBS user guide, "Amazon EBS volume types" and the pages on each). Two of its curves are steps here:
    /// gp2 between 170 and 334 GiB has 250 MiB/s without looking at credits, and `standard` has the most that is promised.
    ///
    /// @param iops provisioned; of gp3, io1 and io2. Empty for the least
    /// @param mebibytesPerSecond provisioned; of gp3. Empty for the least
    public static VolumeLimits published(VolumeType type, long sizeBytes, OptionalLong iops, OptionalLong mebibytesPerSecond) {
        long gibibytes = Math.max(1, (sizeBytes + GIB - 1) / GIB);
        return switch (type) {
            case GP3 -> ssd(Rate.steady(iops.orElse(3000)), mebibytesPerSecond.orElse(125));
            case GP2 -> gp2(gibibytes);
            case IO1 -> io1(iops.orElse(100));
            case IO2 -> ssd(Rate.steady(iops.orElse(100)), Math.clamp(iops.orElse(100) / 4, 1, 4000));
            case ST1 -> hdd(gibibytes, 500, 40, 500, 250, 500);
            case SC1 -> hdd(gibibytes, 250, 12, 192, 80, 250);
            case STANDARD -> ssd(Rate.steady(200), 90);
            case EPHEMERAL -> NONE;
        };
    }

    private static VolumeLimits ssd(Rate operations, long mebibytes) {
        return new VolumeLimits(operations, Rate.steady(mebibytes * MIB), SSD_OPERATION);
    }

    /// 3 operations a second for each GiB, and a bucket of 5.4 million that lasts for half an hour at 3,000.
    private static VolumeLimits gp2(long gibibytes) {
        long base = Math.clamp(3 * gibibytes, 100, 16_000);
        return ssd(base >= 3000 ? Rate.steady(base) : new Rate(base, 3000, 5_400_000), gibibytes <= 170 ? 128 : 250);
    }

    /// 256 KiB an operation up to 500 MiB/s, and 16 KiB an operation above 32,000.
    private static VolumeLimits io1(long iops) {
        return ssd(Rate.steady(iops), iops <= 32_000 ? Math.clamp(iops / 4, 1, 500) : Math.min(1000, iops / 64));
    }

    /// Bytes go by size, in MiB/s for each TiB and at most; a bucket holds 1 TiB for each TiB.
    private static VolumeLimits hdd(long gibibytes, long iops, long base, long mostBase, long burst, long mostBurst) {
        long size = Math.max(gibibytes, LEAST_HDD_GIB);
        long perSecond = Math.min(base * size * MIB / 1024, mostBase * MIB);
        long burstPerSecond = Math.min(burst * size * MIB / 1024, mostBurst * MIB);
        return new VolumeLimits(Rate.steady(iops),
                burstPerSecond > perSecond ? new Rate(perSecond, burstPerSecond, size * GIB) : Rate.steady(perSecond),
                HDD_OPERATION);
    }
}
