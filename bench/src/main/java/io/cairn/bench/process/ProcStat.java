package io.cairn.bench.process;

/// One line of `/proc/PID/stat` (proc(5)): `pid (name) state ppid ...`, where the name may hold blanks and parentheses.
final class ProcStat {
    private static final int STATE = 3; // counted from 1, as proc(5) does; the first field after the name
    private static final int USER = 14;
    private static final int CHILDREN_SYSTEM = 17;

    private ProcStat() {}

    /// User and system time of the process and of its ended children, in ticks.
    static long cpuTicks(String line) {
        var fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = USER; field <= CHILDREN_SYSTEM; field++)
            ticks += Long.parseLong(fields[field - STATE]);
        return ticks;
    }
}
