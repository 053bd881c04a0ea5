package io.cairn.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.cairn.kv.testkit.KilledTable;
import io.cairn.kv.testkit.KilledWrites;
import io.cairn.kv.testkit.KilledWrites.Kind;
import io.cairn.replication.Damage;
import io.cairn.replication.testkit.LoopDisk;
import io.cairn.replication.testkit.PowerlessProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes at a random instant, with all clients at work, over and over on one real file system: nothing that was acknowledged is
/// lost, no transaction is half there, indexes equal the table, the stream is complete and in order, over all rounds.
@Tag("long")
final class PowerCutTest {
    private static final int ROUNDS = 50;
    private static final int MUTANT_ROUNDS = 10;
    private static final int DISK_MEBIBYTES = 3072;
    @TempDir
    Path temporary;

    @Test
    void fiftyPowerCutsLoseNothingThatWasAcknowledged() throws Exception {
        long seed = seed();
        var random = new SplittableRandom(seed);
        var clients = clients(seed);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("cairn.long.minutes", 15)) / 3;
        int rounds = 0;
        try (var disk = LoopDisk.make(temporary, DISK_MEBIBYTES)) {
            var data = disk.path().resolve("data");
            while (rounds < ROUNDS && System.nanoTime() < deadline) {
                rounds++;
                workUntilCut(clients, data, seed, rounds, random.nextInt(100, 701), true);
                disk.powerBack();
                check(clients, data);
            }
            seesWhatIsLost(clients, data);
        }
        var summary = new ArrayList<String>();
        for (var kind : Kind.values())
            summary.add(clients.stream().mapToInt(client -> client.acknowledged(kind)).sum() + " " + kind);
        System.out.println("power cuts, items: " + rounds + " rounds, acknowledged " + summary);
        long enough = Math.min(ROUNDS, Long.getLong("cairn.long.minutes", 15));
        int made = rounds;
        assertTrue(rounds >= enough, () -> "only " + made + " rounds");
        for (var kind : Kind.values())
            assertTrue(clients.stream().mapToInt(client -> client.acknowledged(kind)).sum() >= rounds,
                    kind + " was hardly tried: " + summary);
    }

    @Test
    void aStoreThatDoesNotSyncIsSeen() throws Exception {
        long seed = seed();
        var random = new SplittableRandom(seed);
        try (var disk = LoopDisk.make(temporary, DISK_MEBIBYTES)) {
            for (int round = 1; round <= MUTANT_ROUNDS; round++) {
                var data = disk.path().resolve("data-" + round);
                var clients = clients(seed);
                workUntilCut(clients, data, seed, round, random.nextInt(100, 701), false);
                disk.powerBack();
                try {
                    check(clients, data);
                } catch (AssertionError | RuntimeException e) { // a loss may show itself by anything
                    System.out.println("power cuts, items: a store that does not sync was seen in round " + round + ": "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("").transform(PowerCutTest::brief));
                    return;
                }
            }
        }
        fail("a store that does not sync lost nothing in " + MUTANT_ROUNDS + " power cuts: these cuts prove nothing");
    }

    private static String brief(String text) {
        return text.substring(0, Math.min(200, text.length()));
    }

    private static long seed() {
        long seed = Long.getLong("cairn.seed", System.nanoTime());
        System.out.println("power cuts, items: seed " + seed);
        return seed;
    }

    private static List<KilledWrites> clients(long seed) {
        return IntStream.range(0, PowerCutWriter.CLIENTS).mapToObj(client -> new KilledWrites(client, seed)).toList();
    }

    private void workUntilCut(List<KilledWrites> clients, Path data, long seed, int round, int millis, boolean synced)
            throws Exception {
        var lines = PowerlessProcess.lines(PowerCutWriter.class, temporary.resolve("stderr-" + round), List.of(data.toString(),
                Long.toString(seed), Integer.toString(round), Integer.toString(millis), Boolean.toString(synced)));
        clients.forEach(client -> client.round(round));
        for (var line : lines) {
            var words = line.split(" ", -1);
            var client = clients.get(Integer.parseInt(words[0]));
            assertEquals(words[1], client.next().kind().name(), "what a client did follows from its plan");
            client.done();
        }
        clients.forEach(KilledWrites::next); // which was under way
    }

    /// What lies on the disk is sound before it is opened, with entries that are not applied, and after.
    private static void check(List<KilledWrites> clients, Path data) {
        assertSound(data);
        try (var store = open(data)) {
            var table = PowerCutWriter.table(store);
            clients.forEach(client -> client.check(table::get));
            KilledTable.check(items(table, null), items(table, KilledTable.BY_GROUP), items(table, KilledTable.BY_NUMBER),
                    told(table.stream()));
        }
        assertSound(data);
    }

    private static void assertSound(Path data) {
        var found = new ArrayList<Damage>();
        KvStore.check(data, found::add);
        assertEquals(List.of(), found);
    }

    private static KvStore open(Path data) {
        return KvStore.open(data, new KvStoreOptions(PowerCutWriter.OPTIONS));
    }

    /// The check is itself checked: it fails over an item that is gone.
    private static void seesWhatIsLost(List<KilledWrites> clients, Path data) {
        var client = clients.getFirst();
        try (var store = open(data)) {
            var table = store.table(KilledTable.NAME);
            table.put(client.put(client.key(0)).item());
            client.done();
            client.check(table::get);
            table.delete(client.key(0));
            assertThrows(AssertionError.class, () -> client.check(table::get));
        }
    }

    private static List<Item> items(Table table, @Nullable String index) {
        var items = new ArrayList<Item>();
        var scan = new Scan(index, null, 0, null, 0, 1, false);
        for (var page = table.scan(scan);; page = table.scan(scan.from(page.lastKey()))) {
            items.addAll(page.items());
            if (page.lastKey() == null)
                return items;
        }
    }

    private static List<List<StreamRecord>> told(TableStream stream) {
        var shards = new ArrayList<List<StreamRecord>>();
        for (var shard : stream.shards()) {
            var records = new ArrayList<StreamRecord>();
            for (var page = stream.read(shard.id(), shard.from(), StreamPage.MAX_RECORDS); !page.records()
                    .isEmpty(); page = stream.read(shard.id(), page.next(), StreamPage.MAX_RECORDS)) {
                records.addAll(page.records());
                if (page.next() == null)
                    break;
            }
            shards.add(records);
        }
        return shards;
    }
}
