package io.cairn.bench;

import io.cairn.bench.match.Match;
import io.cairn.bench.objects.ObjectSuite;
import io.cairn.bench.objects.ObjectSuite.Plan;
import io.cairn.bench.objects.ObjectSuite.Sizes;
import io.cairn.bench.score.Findings;
import io.cairn.bench.score.Scoreboard.Fact;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "objects", mixinStandardHelpOptions = true, description = "The object store beside nginx, s3proxy and Ceph RGW.")
final class ObjectsCommand extends SuiteCommand {
    @Option(names = "--keys", paramLabel = "N", defaultValue = "20000", description = "objects of the 4 KiB and listing lines (default: ${DEFAULT-VALUE})")
    int keys;

    @Override
    List<String> knownPeers() {
        return ObjectSuite.PEERS;
    }

    @Override
    void check() {
        if (keys < 1 || keys > 1_000_000)
            throw misused("--keys takes 1 to 1000000");
    }

    @Override
    Findings measure(Path directory, Path launcher, List<String> peers, Match match) throws Exception {
        return new ObjectSuite(new Plan(launcher, HOME.resolve("bench/peers"), directory, peers, only, sizes(), profile), match)
                .run();
    }

    private Sizes sizes() {
        return small
                ? new Sizes(50, 64 << 10, 1 << 20, 2, 20, 50)
                : new Sizes(keys, Sizes.FULL.middleBytes(), Sizes.FULL.largeBytes(), Sizes.FULL.largeObjects(),
                        Sizes.FULL.pageKeys(), keys);
    }

    @Override
    List<Fact> settings() {
        var sizes = sizes();
        return List.of(
                new Fact("client",
                        "one process, blocking sockets, a thread a connection; S3 requests signed with SigV4 in the header"),
                new Fact("seed", "20260101, random bodies"),
                new Fact("sizes", sizes.keys() + " keys; large objects of " + sizes.largeBytes() + " bytes; "
                        + sizes.spaceObjects() + " objects of 1 byte"));
    }
}
