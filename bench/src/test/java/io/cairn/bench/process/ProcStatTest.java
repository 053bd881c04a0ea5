package io.cairn.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// CPU time and processes.
class ProcStatTest {
    @TempDir
    Path directory;

    @Test
    void namesWithBlanksAndParenthesesDoNotShiftTheFields() {
        assertEquals(7 + 8 + 9 + 10, ProcStat.cpuTicks("12 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 7 8 9 10 20 0"));
    }

    @Test
    void aWaitForTheDiskIsIdle() {
        assertEquals(0.25, ThisMachine.busyShare("cpu  10 0 10 100 0 0 0 0 0 0", "cpu  15 0 15 120 10 0 0 0 0 0"));
    }

    @Test
    void timeOfChildrenCountsAndAllEndWithTheirParent() throws Exception {
        var process = ChildProcess.start("burner", List.of("sh", "-c", "while :; do :; done & wait"), Map.of(),
                directory.resolve("log"));
        try (process) {
            process.awaitReady(() -> process.cpuNanos() > 50_000_000, Duration.ofSeconds(60));
            assertTrue(ProcessHandle.of(process.pid()).orElseThrow().descendants().findAny().isPresent());
        }
        assertTrue(ProcessHandle.of(process.pid()).isEmpty());
    }

    @Test
    void whatIsKilledGetsNoTimeToPutAnythingInOrder() throws Exception {
        var ready = directory.resolve("ready");
        var tidied = directory.resolve("tidied");
        try (var process = ChildProcess.start("tidy",
                List.of("sh", "-c", "trap 'touch " + tidied + "; exit' TERM; touch " + ready + "; while :; do sleep 0.1; done"),
                Map.of(),
                directory.resolve("log"))) {
            process.awaitReady(() -> Files.exists(ready), Duration.ofSeconds(60));
            process.kill();
            assertTrue(ProcessHandle.of(process.pid()).isEmpty());
        }
        assertTrue(Files.notExists(tidied));
    }

    @Test
    void aProgramThatEndsBeforeItIsReadyIsToldWithItsLastWords() throws Exception {
        try (var process = ChildProcess.start("broken", List.of("sh", "-c", "echo no port; exit 3"), Map.of(),
                directory.resolve("log"))) {
            var thrown = assertThrows(IOException.class, () -> process.awaitReady(() -> false, Duration.ofSeconds(60)));
            assertEquals("broken ended with status 3 before it was ready: no port", thrown.getMessage());
        }
    }
}
