package io.cairn.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Extent.Home;
import org.junit.jupiter.api.Test;

/// Places in 63 bits.
class ExtentAddressTest {
    private static final long STEP = 1 << 20;

    @Test
    void anAddressIsTheWayBack() {
        for (var extent : new Extent[]{new Extent(Home.LOG, STEP, 4192, 4112), new Extent(Home.LOG, 77 * STEP, 0, 8),
                new Extent(Home.LOG, STEP * ((1L << 30) - 1), (64 << 20) - 8, 8),
                new Extent(Home.OWN_FILE, 3 * STEP + STEP / 2, 64, 4112),
                new Extent(Home.OWN_FILE, 3 * STEP + STEP / 2 + 254, 64, 4112)}) {
            long address = extent.address();
            assertTrue(address > 1, extent.toString());
            assertEquals(extent, Extent.at(address, extent.length()));
            assertEquals(extent.file(), Extent.fileAt(address));
        }
        // These bits lie on disk.
        assertEquals(0x100000000L + 1048, new Extent(Home.LOG, STEP, 4192, 1).address());
        assertEquals((1L << 62) + 0x301000010L, new Extent(Home.OWN_FILE, 3 * STEP + STEP / 2, 64, 1).address());
    }

    @Test
    void addressesOfTheLogAscend() {
        long before = new Extent(Home.LOG, STEP, (64 << 20) - 8, 8).address();
        assertTrue(before < new Extent(Home.LOG, 2 * STEP, 0, 8).address());
        assertTrue(before < Extent.endAddress(2 * STEP, 0));
        assertEquals(new Extent(Home.LOG, STEP, 4192 + 4112, 8).address(),
                new Extent(Home.LOG, STEP, 4192, 8).address() + Extent.addressStep(4112));
        assertEquals(new Extent(Home.LOG, STEP, 4192, 8).address(), Extent.endAddress(STEP, 4192));
    }

    @Test
    void whatHasNoShortAddressIsRefused() {
        for (var extent : new Extent[]{new Extent(Home.LOG, STEP + 1, 0, 8), new Extent(Home.OWN_FILE, STEP + 1, 64, 8),
                new Extent(Home.LOG, STEP, 2, 8), new Extent(Home.LOG, STEP, 64 << 20, 8), new Extent(Home.LOG, STEP << 30, 0, 8),
                new Extent(Home.OWN_FILE, STEP + STEP / 2 + 255, 64, 8)})
            assertThrows(IllegalArgumentException.class, extent::address, extent.toString());
    }
}
