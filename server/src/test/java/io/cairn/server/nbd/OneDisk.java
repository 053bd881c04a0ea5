package io.cairn.server.nbd;

import io.cairn.block.Volume;
import io.cairn.server.FaceFactory.Security;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.http.EventLoops;
import io.cairn.server.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One volume as the export `disk`; what a test puts between the port and the store is a [Volume] too.
record OneDisk(Volume volume) implements Exports {
    /// A port of the loopback address, TLS offered and not asked for.
    ///
    /// @param keys where the authority's keys are kept
    NbdDoor open(Path keys, EventLoops loops) throws IOException {
        var authority = new CertificateAuthority(keys, InstantSource.system());
        return new NbdDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this, loops,
                new Security(authority.serverContext(List.of("127.0.0.1"), false), false), PayloadMemory.ofThisProcess(),
                new NbdDoor.Patience(Duration.ofSeconds(10), Duration.ofSeconds(10)));
    }

    @Override
    public @Nullable Export find(String name) {
        return name.equals("disk") ? Export.of(name, volume, FreeSpace.UNWATCHED) : null;
    }

    @Override
    public List<String> names() {
        return List.of("disk");
    }

    @Override
    public Siblings siblings(Export export) {
        throw new UnsupportedOperationException();
    }
}
