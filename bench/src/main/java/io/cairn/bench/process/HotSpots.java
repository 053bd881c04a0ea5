package io.cairn.bench.process;

import io.cairn.bench.score.Figure.HotSpot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Where another JVM's CPU time goes while something is done, by its Flight Recorder: samples by CPU time (JEP 509), which see native code and
/// system calls too, under the Java method that called them. Threads of the JVM itself and of native libraries have no Java frames and
/// are not in it.
public final class HotSpots {
    private static final int MOST = 15;
    private static final String SETTINGS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <configuration version="2.0">
              <event name="jdk.CPUTimeSample"><setting name="enabled">true</setting><setting name="throttle">1ms</setting></event>
            </configuration>
            """;

    private HotSpots() {}

    /// The methods on top of the stack most often, the hottest first.
    ///
    /// @param pid of a JVM of this user
    /// @param directory for the recording, `profile-N.jfr`, which is kept
    public static List<HotSpot> of(long pid, Path directory, Callable<?> work) throws Exception {
        var settings = directory.resolve("profile.jfc").toAbsolutePath();
        Files.writeString(settings, SETTINGS);
        var file = Files.createTempFile(directory.toAbsolutePath(), "profile-", ".jfr");
        jcmd(pid, "JFR.start", "name=bench", "settings=" + settings);
        try {
            work.call();
        } finally {
            jcmd(pid, "JFR.stop", "name=bench", "filename=" + file);
        }
        return hottest(file);
    }

    private static void jcmd(long pid, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        command.addAll(List.of(words));
        ChildProcess.output(command, Duration.ofMinutes(1));
    }

    static List<HotSpot> hottest(Path recording) throws IOException {
        var counts = new HashMap<String, Integer>();
        int all = 0;
        try (var events = new RecordingFile(recording)) {
            while (events.hasMoreEvents()) {
                var event = events.readEvent();
                if (event.getEventType().getName().equals("jdk.CPUTimeSample")) {
                    counts.merge(top(event), 1, Integer::sum);
                    all++;
                }
            }
        }
        double total = all;
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST).map(entry -> new HotSpot(entry.getKey(), entry.getValue() / total)).toList();
    }

    private static String top(RecordedEvent event) {
        var stack = event.getStackTrace();
        if (stack == null || stack.getFrames().isEmpty())
            return "(no Java frame)";
        var method = stack.getFrames().getFirst().getMethod();
        return method.getType().getName().replaceFirst("^.*\\.", "") + "." + method.getName();
    }
}
