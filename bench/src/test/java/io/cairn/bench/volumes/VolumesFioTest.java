package io.cairn.bench.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.process.FreePorts;
import io.cairn.bench.volumes.Fio.Access;
import io.cairn.bench.volumes.Fio.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read from fio's JSON, and that its checks see a disk that forgets.
class VolumesFioTest {
    private static final Access WRITES = new Access("randwrite", 4096, 32, 32);
    /// As fio 3.33 prints it, shortened; the engine's own words come first.
    private static final String JSON = """
            fio: connected to NBD server
            {
              "fio version" : "fio-3.33",
              "jobs" : [
                {
                  "error" : 0,
                  "job options" : { "rw" : "randwrite" },
                  "read" : { "io_bytes" : 0, "iops" : 0.000000, "runtime" : 0, "total_ios" : 0 },
                  "write" : { "io_bytes" : 40960, "iops" : 20.000000, "runtime" : 500, "total_ios" : 10 },
                  "trim" : { "io_bytes" : 0, "runtime" : 0, "total_ios" : 0 },
                  "sync" : { "total_ios" : 7 },
                  "job_runtime" : 500,
                  "usr_cpu" : 10.500000,
                  "sys_cpu" : 9.500000
                }
              ]
            }
            """;
    @TempDir
    Path directory;

    @Test
    void figuresAreThoseOfTheJobsOwnDirection() throws IOException {
        var did = Fio.outcome(JSON, WRITES);
        assertEquals(new Fio.Outcome(10, 40960, 0.5, 7, 100_000_000), did);
        assertEquals(20, did.operationsPerSecond());
        assertEquals(0.08192, did.megabytesPerSecond(), 1e-9);
    }

    @Test
    void nothingDoneAndAnErrorAreNoFigures() {
        assertThrows(WrongAnswerException.class, () -> Fio.outcome(JSON, new Access("randread", 4096, 1, 0)));
        assertThrows(IOException.class, () -> Fio.outcome(JSON.replace("\"error\" : 0", "\"error\" : 5"), WRITES));
        assertThrows(IOException.class, () -> Fio.outcome("fio: nbd_connect_uri: Connection refused", WRITES));
    }

    @Test
    @Tag("clients")
    void aDiskThatForgetsItsWritesIsSeen() throws Exception {
        Installed.need("fio");
        Installed.need("nbdkit");
        int port = FreePorts.inARow(1);
        var command = List.of("nbdkit", "--foreground", "--ipaddr=127.0.0.1", "--port=" + port, "null", "16M");
        try (var server = ChildProcess.start("nbdkit", command, Map.of(), directory.resolve("log"))) {
            server.awaitReady(() -> {
                new NbdConnection(port, "").disconnect();
                return true;
            }, Duration.ofMinutes(1));
            var target = new Target(List.of("--ioengine=nbd", "--uri=nbd://127.0.0.1:" + port));
            var thrown = assertThrows(WrongAnswerException.class, () -> Fio.verify(target, 16 << 20, 1));
            assertTrue(String.valueOf(thrown.getMessage()).contains("verify:"), thrown::getMessage);
        }
    }

    @Test
    @Tag("clients")
    void aFileIsADisk() throws Exception {
        Installed.need("fio");
        var target = Target.of("psync", directory.resolve("disk"));
        Fio.fill(target, 1 << 20);
        Fio.verify(target, 1 << 20, 1);
        assertEquals(16, Fio.writeOnce(target, 1 << 20, 16, true, 1).operations());
    }
}
