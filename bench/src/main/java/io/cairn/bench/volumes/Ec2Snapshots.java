package io.cairn.bench.volumes;

import io.cairn.bench.process.CairnProcess;
import java.io.IOException;

/// Snapshots by EC2's CreateSnapshot, of a volume that is written by NBD.
final class Ec2Snapshots extends SnapshotTarget {
    private final CairnProcess server;
    private final String volume;

    /// @param server runs as long as this is used
    Ec2Snapshots(CairnProcess server, Shape shape) throws IOException {
        super(shape, "Volume.snapshot, or CreateSnapshot");
        this.server = server;
        try (var ec2 = new Ec2Client(server.port(), server.keys())) {
            volume = ec2.createVolume(shape.name(), shape.bytes());
        }
    }

    @Override
    Session open() throws IOException {
        var ec2 = new Ec2Client(server.port(), server.keys());
        var disk = new NbdConnection(server.nbdPort(), volume);
        return new Session() {
            @Override
            public void write(long offset, byte[] block) throws IOException {
                disk.write(offset, block);
            }

            @Override
            public String snapshot() throws IOException {
                return ec2.createSnapshot(volume);
            }

            @Override
            public byte[] read(String snapshot, long offset) throws IOException {
                try (var then = new NbdConnection(server.nbdPort(), volume + "@" + snapshot)) {
                    return then.read(offset, 4096);
                }
            }

            @Override
            public void delete(String snapshot) throws IOException {
                ec2.deleteSnapshot(snapshot);
            }

            @Override
            public void close() throws IOException {
                ec2.close();
                disk.disconnect();
            }
        };
    }

    @Override
    public long cpuNanos() {
        return server.cpuNanos();
    }

    @Override
    public void close() {}
}
