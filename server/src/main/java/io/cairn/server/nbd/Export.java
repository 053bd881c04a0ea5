package io.cairn.server.nbd;

import io.cairn.block.BlockDevice;
import io.cairn.block.Volume;
import org.jspecify.annotations.Nullable;

/// What a client attaches.
///
/// @param name as clients ask for it
/// @param volume null when it can only be read
public record Export(String name, BlockDevice device, @Nullable Volume volume) {
    public static Export of(String name, Volume volume) {
        return new Export(name, volume, volume);
    }

    public static Export readOnly(String name, BlockDevice device) {
        return new Export(name, device, null);
    }

    int flags() {
        int all = Nbd.TRANSMIT_HAS_FLAGS | Nbd.TRANSMIT_SEND_FLUSH | Nbd.TRANSMIT_SEND_FUA | Nbd.TRANSMIT_CAN_MULTI_CONN
                | Nbd.TRANSMIT_SEND_CACHE;
        return all | (volume == null
                ? Nbd.TRANSMIT_READ_ONLY
                : Nbd.TRANSMIT_SEND_TRIM | Nbd.TRANSMIT_SEND_WRITE_ZEROES | Nbd.TRANSMIT_SEND_FAST_ZERO);
    }
}
