package io.cairn.bench;

import io.cairn.bench.match.Match;
import io.cairn.bench.score.Findings;
import io.cairn.bench.score.Scoreboard.Fact;
import io.cairn.bench.volumes.VolumeSuite;
import io.cairn.bench.volumes.VolumeSuite.Plan;
import io.cairn.bench.volumes.VolumeSuite.Sizes;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "volumes", mixinStandardHelpOptions = true, description = "The block store over NBD beside nbdkit and qemu-nbd.")
final class VolumesCommand extends SuiteCommand {
    private static final int SMALL = 64;
    private static final int MOST = 1 << 20;

    @Option(names = "--mebibytes", paramLabel = "N", defaultValue = "1024", description = "size of the volume, filled with random data before (default: ${DEFAULT-VALUE})")
    int mebibytes;

    @Override
    List<String> knownPeers() {
        return VolumeSuite.PEERS;
    }

    @Override
    void check() {
        if (mebibytes < SMALL || mebibytes > MOST)
            throw misused("--mebibytes takes " + SMALL + " to " + MOST);
    }

    @Override
    Findings measure(Path directory, Path launcher, List<String> peers, Match match) throws Exception {
        return VolumeSuite.run(new Plan(launcher, directory, peers, only, sizes(), profile), match);
    }

    private Sizes sizes() {
        return small ? Sizes.SMALL : Sizes.FULL.withBytes((long) mebibytes << 20);
    }

    @Override
    List<Fact> settings() {
        return List.of(new Fact("client",
                "fio, a process a job, TCP on the loopback address, one connection; only one server is under load at a time"),
                new Fact("seed", "20260101, one more each job, the same of all contestants"),
                new Fact("sizes",
                        "a volume of %,d MiB, every block written with random bytes before".formatted(sizes().bytes() >> 20)));
    }
}
