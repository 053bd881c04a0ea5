package io.cairn.bench;

import io.cairn.bench.items.ItemSuite;
import io.cairn.bench.items.ItemSuite.Plan;
import io.cairn.bench.match.Match;
import io.cairn.bench.score.Findings;
import io.cairn.bench.score.Scoreboard.Fact;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "items", mixinStandardHelpOptions = true, description = "The key-value store beside DynamoDB Local and raw RocksDB.")
final class ItemsCommand extends SuiteCommand {
    private static final int SMALL = 200;
    private static final int MOST = 10_000_000;

    @Option(names = "--records", paramLabel = "N", defaultValue = "10000", description = "items of the table (default: ${DEFAULT-VALUE})")
    int records;

    @Override
    List<String> knownPeers() {
        return ItemSuite.PEERS;
    }

    @Override
    void check() {
        if (records < SMALL || records > MOST)
            throw misused("--records takes " + SMALL + " to " + MOST);
    }

    @Override
    Findings measure(Path directory, Path launcher, List<String> peers, Match match) throws Exception {
        return new ItemSuite(new Plan(launcher, HOME.resolve("bench/peers"), directory, peers, only, records(), profile), match)
                .run();
    }

    private int records() {
        return small ? SMALL : records;
    }

    @Override
    List<Fact> settings() {
        return List.of(
                new Fact("client",
                        "one process, blocking sockets, a thread a connection; every request signed with SigV4 in the header, its body too"),
                new Fact("seed", "20260101"),
                new Fact("sizes", "%,d items of ten fields of 100 bytes, 1 KB; keys drawn zipfian (0.99, scrambled), as YCSB does"
                        .formatted(records())));
    }
}
