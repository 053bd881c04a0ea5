package io.cairn.server.cli;

import java.util.function.IntSupplier;

/// How this process ends. The JVM ends with 128 + the number of the signal after SIGTERM or SIGINT; a server that stopped in order
/// ends with 0, so its hook halts the JVM with a status of its own.
final class ProcessExit {
    private volatile int status;

    /// Ends the process after everything given to [#before] has run.
    void end(int status) {
        this.status = status;
        System.exit(status);
    }

    /// Runs `stop` when the process is told to end, whoever tells it, and ends with the status that it returns if that is not 0.
    void before(IntSupplier stop) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            int stopped = stop.getAsInt();
            Runtime.getRuntime().halt(stopped != 0 ? stopped : status);
        }, "stop"));
    }
}
