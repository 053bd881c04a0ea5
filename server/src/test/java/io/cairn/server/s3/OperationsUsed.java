package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/// Notes which operations a stock client carried out with success, and in which test; at the end they are held against the table of
/// operations, `server/S3-OPERATIONS.md`, which is made of them: `-Dcairn.golden.write=any` writes it anew.
final class OperationsUsed implements ExecutionInterceptor {
    private static final int MAX_TOLD = 3;
    private static final Path TABLE = Path.of("S3-OPERATIONS.md");
    /// Forms are a browser's; boto3 signs one in `boto3-client.py`.
    private static final Map<String, String> ELSEWHERE = Map.of("PostObject", "boto3-client.py");
    private final Map<String, Set<String>> tests = new ConcurrentHashMap<>();
    private final Set<String> ran = new ConcurrentSkipListSet<>();
    private volatile String test = "";

    void by(String name) {
        ran.add(name);
        test = name;
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        tests.computeIfAbsent(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), _ -> new ConcurrentSkipListSet<>())
                .add(test);
    }

    private static String told(Set<String> tests) {
        var first = tests.stream().limit(MAX_TOLD).collect(Collectors.joining("`, `", "`", "`"));
        return tests.size() <= MAX_TOLD ? first : first + " and " + (tests.size() - MAX_TOLD) + " more";
    }

    /// @param all names of all tests of the suite: the table is only looked at when each of them ran
    void compare(Set<String> all) throws IOException {
        if (ran.containsAll(all))
            compare();
    }

    /// Fails when an operation that is served has no test, or when the table tells something else.
    private void compare() throws IOException {
        var missing = new TreeSet<String>();
        var rows = new TreeMap<String, String>();
        for (var name : Routes.names()) {
            if (Operation.named(name) == null) {
                rows.put(name, "`NotImplemented`");
                continue;
            }
            var by = tests.getOrDefault(name, Set.of());
            if (by.isEmpty() && !ELSEWHERE.containsKey(name))
                missing.add(name);
            rows.put(name, by.isEmpty() ? "`" + ELSEWHERE.getOrDefault(name, "") + "`" : told(by));
        }
        assertEquals(Set.of(), missing, "operations that no test of a stock client carries out");
        long served = rows.values().stream().filter(row -> !row.equals("`NotImplemented`")).count();
        var text = new StringBuilder("# Operations of S3\n\n").append(served).append(" of ").append(rows.size())
                .append(" are served. Made by `SdkTest` from what the AWS SDK for Java\ncarried out")
                .append(" with success. The others are answered 501, each in `RoutesTest`.\n\n")
                .append("| operation | tests with a stock client |\n|---|---|\n");
        rows.forEach((name, by) -> text.append("| ").append(name).append(" | ").append(by).append(" |\n"));
        if (System.getProperty("cairn.golden.write") != null)
            Files.writeString(TABLE, text);
        assertEquals(Files.readString(TABLE), text.toString(), "the table is old: write it anew with -Dcairn.golden.write=any");
    }
}
