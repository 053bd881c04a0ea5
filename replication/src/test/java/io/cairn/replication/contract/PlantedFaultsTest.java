package io.cairn.replication.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.cairn.replication.Batch;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.testkit.Coverage;
import io.cairn.replication.testkit.History;
import io.cairn.replication.testkit.LocalSubject;
import io.cairn.replication.testkit.SimLog;
import io.cairn.replication.testkit.SimMachine;
import io.cairn.replication.testkit.SimMachine.Fault;
import io.cairn.replication.testkit.SimSubject;
import io.cairn.replication.testkit.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The contract sees each planted fault, so that its silence means something.
final class PlantedFaultsTest {
    private static final int HISTORIES = 30;

    @TempDir
    Path directory;

    private void assertCaught(String fault, BiFunction<Path, Long, Subject> subject) throws Exception {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            var place = Files.createDirectories(directory.resolve(fault + seed));
            try {
                History.run(subject.apply(place.resolve("log"), seed), place, seed, new Coverage());
            } catch (AssertionError | RuntimeException e) {
                System.out.println("caught " + fault + " by seed " + seed + ": " + e.getMessage());
                return;
            }
        }
        fail(fault + " was not seen in " + HISTORIES + " histories");
    }

    @ParameterizedTest
    @EnumSource(names = {"SYNC_DROPPED", "POINTER_BEFORE_DATA", "TORN_BATCH", "LARGE_BATCH_TORN"})
    void isSeenInTheSimulatedLog(Fault fault) throws Exception {
        assertCaught(fault.name(), (place, seed) -> new SimSubject(place, seed, fault));
    }

    @Test
    void aDroppedSyncIsSeenInTheEmbeddedLog() throws Exception {
        assertCaught("sync dropped", (place, seed) -> new LocalSubject(place, seed, disks -> disks.power().ignoreSyncs()));
    }

    @Test
    void anExtentFileNotSyncedBeforeItsEntryIsSeenInTheEmbeddedLog() throws Exception {
        assertCaught("pointer before data",
                (place, seed) -> new LocalSubject(place, seed, disks -> disks.power().ignoreSyncsOf(".ext")));
    }

    @Test
    void everyReplicaRefusesAStaleEpochAndASequenceGap() {
        var machine = new SimMachine(directory.resolve("log"), Subject.GROUP, 1);
        prepare(machine);
        try (var log = SimLog.open(machine, CommitListener.NONE)) {
            long before = log.store().appliedIndex();
            assertThrows(CorruptLogException.class, () -> log.deliver(entry(1, 2)));
            assertThrows(CorruptLogException.class, () -> log.deliver(entry(2, 3)));
            assertThrows(CorruptLogException.class, () -> log.deliver(entry(2, 1)));
            assertThrows(CorruptLogException.class, () -> log.deliver(entry(3, 2)));
            assertEquals(before, log.store().appliedIndex());
            log.deliver(entry(2, 2));
            log.deliver(entry(4, 1));
            assertEquals(before + 2, log.store().appliedIndex());
        }
    }

    @Test
    void aReplicaThatAcceptsThemIsSeen() {
        for (var fault : new Fault[]{Fault.STALE_EPOCH_ACCEPTED, Fault.SEQUENCE_GAP_ACCEPTED}) {
            var machine = new SimMachine(directory.resolve(fault.name()), Subject.GROUP, 1, fault);
            prepare(machine);
            try (var log = SimLog.open(machine, CommitListener.NONE)) {
                var refusal = assertThrows(AssertionError.class, () -> assertThrows(CorruptLogException.class,
                        () -> log.deliver(fault == Fault.STALE_EPOCH_ACCEPTED ? entry(1, 2) : entry(2, 3))));
                assertEquals(3, log.store().appliedIndex(), refusal.toString());
            }
        }
    }

    /// One entry each of epochs 1 and 2.
    private static void prepare(SimMachine machine) {
        for (int i = 0; i < 2; i++)
            try (var log = SimLog.open(machine, CommitListener.NONE)) {
                var proposed = log.propose(new Batch().note(new byte[]{1}));
                log.run();
                assertEquals(i + 1, proposed.done().join().index());
            }
    }

    private static byte[] entry(long epoch, long sequence) {
        var sealed = new Batch().put(Subject.Spaces.FIRST, new byte[]{9}, new byte[]{9}).seal();
        var out = ByteBuffer.allocate(EntryFormat.length(sealed));
        EntryFormat.encode(Subject.GROUP, epoch, sequence, 1_000_000 + epoch * 100 + sequence, sealed, null, out);
        return out.array();
    }
}
