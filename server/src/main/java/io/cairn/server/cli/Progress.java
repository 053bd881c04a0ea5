package io.cairn.server.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongConsumer;

/// One line on a terminal that says how far a transfer is, at most ten times a second; nothing elsewhere. Any thread.
final class Progress implements LongConsumer, AutoCloseable {
    private static final int BAR = 24;
    private static final long EVERY_NANOS = 100_000_000;

    private final PrintStream err;
    private final boolean shown;
    private final String name;
    private final long total;
    private final long begun = System.nanoTime();
    private long done;
    private long lastShown = begun;
    private boolean lineOpen;

    /// @param total bytes, or -1 when nobody knows
    Progress(Invocation invocation, String name, long total) {
        this.err = invocation.err();
        this.shown = invocation.errTerminal();
        this.name = Rows.printable(name.length() > 30 ? "..." + name.substring(name.length() - 27) : name);
        this.total = total;
    }

    @Override
    public synchronized void accept(long bytes) {
        done += bytes;
        long now = System.nanoTime();
        if (shown && now - lastShown >= EVERY_NANOS) {
            lastShown = now;
            show(now);
        }
    }

    private void show(long now) {
        double rate = done * 1e9 / Math.max(1, now - begun);
        err.print("\r" + line(name, done, total, (long) rate) + "\u001b[K"); // the rest of a longer line before is erased
        err.flush();
        lineOpen = true;
    }

    static String line(String name, long done, long total, long rate) {
        if (total <= 0)
            return "%s  %s  %s/s".formatted(name, size(done), size(rate));
        int filled = (int) Math.min(BAR, BAR * done / total);
        return "%s  [%s%s] %3d %%  %s of %s  %s/s".formatted(name, "#".repeat(filled), "-".repeat(BAR - filled),
                Math.min(100, 100 * done / total), size(done), size(total), size(rate));
    }

    /// For people: `1.2 GiB`.
    static String size(long bytes) {
        if (bytes < 1024)
            return bytes + " B";
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(Locale.ROOT, "%.1f %ciB", bytes / (double) (1L << (unit * 10)), "KMGTPE".charAt(unit - 1));
    }

    @Override
    public synchronized void close() {
        if (lineOpen) {
            show(System.nanoTime());
            err.println();
        }
    }
}
