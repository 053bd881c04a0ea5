package io.cairn.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// One process among all that ever had its number. It stands in `endpoints.json`, so that a reader can tell whether the server that
/// wrote the file still runs. Processes of another namespace, such as those within a container, do not run for who is outside.
///
/// @param started tells it from other processes of the same number; to be compared only; empty when nothing is known
public record ProcessIdentity(long pid, String started) {
    /// Fields of `/proc/PID/stat` behind the name in parentheses (proc(5)): the state is the third field of all, the start, in clock
    /// ticks since boot, the 22nd.
    private static final int STATE = 0;
    private static final int START = 22 - 3;
    private static final String ENDED = "ended";

    public static ProcessIdentity current() {
        var self = ProcessHandle.current();
        return new ProcessIdentity(self.pid(), start(self));
    }

    /// Whether it has not ended yet. One that was killed and that nobody has waited for has ended.
    public boolean runs() {
        var process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty())
            return false;
        var now = start(process.get());
        return !now.equals(ENDED) && (started.isEmpty() || now.isEmpty() || started.equals(now));
    }

    /// Ticks since boot where the kernel tells them, for they stay when somebody sets the clock; else the time of day.
    private static String start(ProcessHandle process) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
            return fields[STATE].equals("Z") || fields[STATE].equals("X") ? ENDED : fields[START];
        } catch (IOException e) {
            return process.info().startInstant().map(Instant::toString).orElse("");
        }
    }
}
