package io.cairn.server.cli;

import org.slf4j.LoggerFactory;

/// A disk that does not change while it is copied: a snapshot, or one that is taken of a volume and removed at the end. It costs nothing to take.
///
/// @param id of the snapshot
/// @param own whether it was taken for this
record Instantaneous(Ec2 ec2, String id, boolean own) implements AutoCloseable {
    static Instantaneous of(Ec2 ec2, Ec2.Disk disk) {
        return switch (disk) {
            case Ec2.Snapshot snapshot -> new Instantaneous(ec2, snapshot.id(), false);
            case Ec2.Volume volume -> new Instantaneous(ec2,
                    ec2.createSnapshot(volume.id(), "", "taken by cairn volume to copy from, may be removed").id(), true);
        };
    }

    @Override
    public void close() {
        if (own)
            try {
                ec2.deleteSnapshot(id);
            } catch (CommandException | Ec2Exception e) {
                // What it was taken for is done, or has failed with something more to the point.
                LoggerFactory.getLogger(Instantaneous.class).warn("snapshot {} was not removed: {}", id, e.getMessage());
            }
    }
}
