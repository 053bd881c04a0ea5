package io.cairn.bench.volumes;

import static org.junit.jupiter.api.Assertions.fail;

import io.cairn.bench.process.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/// Programs that the tests of volumes use where they are installed.
public final class Installed {
    private Installed() {}

    /// Skips the test where `program` does not run, or fails it where `CAIRN_REQUIRE_CLIENTS=1`.
    public static void need(String program) throws InterruptedException {
        if (!has(program))
            Assumptions.abort("not run: needs " + program);
    }

    /// Whether `program` runs; where it does not, that is printed, and a failure where `CAIRN_REQUIRE_CLIENTS=1`.
    public static boolean has(String program) throws InterruptedException {
        try {
            ChildProcess.output(java.util.List.of(program, "--version"), Duration.ofMinutes(1));
            return true;
        } catch (IOException e) {
            System.out.println("not run: needs " + program);
            if ("1".equals(System.getenv("CAIRN_REQUIRE_CLIENTS")))
                fail("not run: needs " + program);
            return false;
        }
    }
}
