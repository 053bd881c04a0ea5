package io.cairn.object.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.internal.log.LocalLog;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;

/// The same, while everything that lives is moved all the time: round after round of cleaning runs beside whatever the contract does, each
/// with every extent a candidate, and crashes fall into rounds.
final class CleanedObjectStoreContractTest extends LogObjectStoreContractTest {
    static final CleaningOptions EVERYTHING = new CleaningOptions(0, 0, 1, 1L << 40, 64 << 10, Duration.ofHours(1));
    private static final AtomicLong COPIED = new AtomicLong();
    private static final Queue<RuntimeException> UNEXPECTED = new ConcurrentLinkedQueue<>();

    @Override
    ObjectStoreOptions options() {
        var usual = super.options();
        return new ObjectStoreOptions(usual.log().withFileBytes(64 << 10), usual.minPartBytes()).withCleaning(EVERYTHING);
    }

    @Override
    void opened(ObjectStore store) {
        if (store instanceof LogObjectStore running && running.log() instanceof LocalLog log)
            Thread.ofPlatform().daemon().start(() -> cleanUntilClosed(log));
    }

    private static void cleanUntilClosed(LocalLog log) {
        try {
            while (!log.failed().isDone()) {
                log.cleanNow();
                COPIED.addAndGet(log.cleaning().copiedBytes());
                Thread.sleep(1);
            }
        } catch (NotLeaderException closed) {
            // the end of this store
        } catch (CompletionException | IllegalStateException e) {
            if (!(e.getCause() instanceof OutcomeUnknownException) && !"this store is closed".equals(e.getMessage()))
                UNEXPECTED.add(e);
        } catch (RuntimeException e) {
            UNEXPECTED.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeContainer
    static void countMovesAnew() {
        COPIED.set(0);
    }

    @AfterContainer
    @AfterAll
    static void extentsWereMoved() {
        System.out.println("cleaning beside the contract: " + COPIED.get() + " bytes moved, counted round by round");
        assertTrue(COPIED.get() > 0);
        assertEquals(List.of(), List.copyOf(UNEXPECTED));
    }
}
