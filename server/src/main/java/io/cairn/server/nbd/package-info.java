/// Network block devices: the NBD protocol (`doc/proto.md` of the NetworkBlockDevice project) over the volumes and snapshots of a block store. Start
/// reading at [io.cairn.server.nbd.NbdDoor]; [io.cairn.server.nbd.Negotiation] is the handshake, [io.cairn.server.nbd.Transmission] what comes after it.
@org.jspecify.annotations.NullMarked
package io.cairn.server.nbd;
