package io.cairn.server.nbd;

import io.cairn.block.BlockDevice;
import io.cairn.block.Volume;
import io.cairn.server.disk.FreeSpace;
import org.jspecify.annotations.Nullable;

/// What a client attaches.
///
/// @param name as clients ask for it
/// @param volume null when it can only be read
/// @param space what has to be left on the disk below
public record Export(String name, BlockDevice device, @Nullable Volume volume, FreeSpace space) {
    public static Export of(String name, Volume volume, FreeSpace space) {
        return new Export(name, volume, volume, space);
    }

    public static Export readOnly(String name, BlockDevice device) {
        return new Export(name, device, null, FreeSpace.UNWATCHED);
    }

    /// The same under the name that a client gave it.
    Export called(String other) {
        return new Export(other, device, volume, space);
    }

    int flags() {
        int all = Nbd.TRANSMIT_HAS_FLAGS | Nbd.TRANSMIT_SEND_FLUSH | Nbd.TRANSMIT_SEND_FUA | Nbd.TRANSMIT_CAN_MULTI_CONN
                | Nbd.TRANSMIT_SEND_CACHE;
        return all | (volume == null
                ? Nbd.TRANSMIT_READ_ONLY
                : Nbd.TRANSMIT_SEND_TRIM | Nbd.TRANSMIT_SEND_WRITE_ZEROES | Nbd.TRANSMIT_SEND_FAST_ZERO
                        | Nbd.TRANSMIT_SEND_RESIZE);
    }
}
