package io.cairn.server.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// `server/DYNAMODB-OPERATIONS.md`: each operation, whether it is served, and the tests in which a stock client carried it out. Each class of tests owns its own entries
/// and holds them against what it saw; with `-Dcairn.golden.write=any` it writes them anew instead. `OperationsTableTest` does so for the rest.
public final class OperationsTable {
    static final String SERVED = "served";
    static final Path FILE = Path.of("DYNAMODB-OPERATIONS.md");
    private static final int MAX_TOLD = 2;
    private static final String BETWEEN = "<br>";
    private static final String STALE = FILE + " is old: write it anew with -Dcairn.golden.write=any";

    /// One operation.
    ///
    /// @param state [#SERVED], or the error that it answers
    /// @param tests what each class of tests has to tell, by its name
    record Row(String state, Map<String, String> tests) {}

    private final Map<String, Row> rows = new TreeMap<>();

    /// Empty when there is no file yet.
    static OperationsTable read() throws IOException {
        var table = new OperationsTable();
        if (!Files.exists(FILE))
            return table;
        for (var line : Files.readAllLines(FILE)) {
            if (!line.startsWith("| ") || line.startsWith("| operation"))
                continue;
            var cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
            var row = table.row(cells[0], cells[1]);
            if (!cells[2].isBlank())
                for (var entry : cells[2].strip().split(BETWEEN))
                    row.tests.put(entry.substring(0, entry.indexOf(':')), entry);
        }
        return table;
    }

    Map<String, Row> rows() {
        return rows;
    }

    private Row row(String operation, String state) {
        var before = rows.get(operation);
        var row = new Row(state, before == null ? new TreeMap<>() : before.tests);
        rows.put(operation, row);
        return row;
    }

    /// Holds a class's entries against the operations that its tests carried out.
    ///
    /// @param testClass its simple name
    /// @param tests names of tests by operation
    public static void compare(String testClass, Map<String, ? extends Collection<String>> tests) throws IOException {
        var table = read();
        var seen = new TreeMap<String, String>();
        tests.forEach((operation, names) -> seen.put(operation, testClass + ": " + told(new TreeSet<>(names))));
        if (writes()) {
            table.rows.values().forEach(row -> row.tests.remove(testClass));
            seen.forEach((operation, told) -> table.row(operation, SERVED).tests.put(testClass, told));
            table.write();
            return;
        }
        var stands = new TreeMap<String, String>();
        table.rows.forEach((operation, row) -> {
            var told = row.tests.get(testClass);
            if (told != null)
                stands.put(operation, told);
        });
        assertEquals(stands, seen, STALE);
    }

    private static String told(Set<String> names) {
        var first = names.stream().limit(MAX_TOLD).collect(Collectors.joining("`, `", "`", "`"));
        return names.size() <= MAX_TOLD ? first : first + " and " + (names.size() - MAX_TOLD) + " more";
    }

    /// Holds what the table says of all operations against what the server answers.
    static void compareStates(Map<String, String> states) throws IOException {
        var table = read();
        if (writes()) {
            table.rows.keySet().retainAll(states.keySet());
            states.forEach(table::row);
            table.write();
        }
        var stands = new TreeMap<String, String>();
        table.rows.forEach((operation, row) -> stands.put(operation, row.state));
        assertEquals(states, stands, STALE);
        assertEquals(table.text(), Files.readString(FILE), STALE);
    }

    private static boolean writes() {
        return System.getProperty("cairn.golden.write") != null;
    }

    private void write() throws IOException {
        Files.writeString(FILE, text());
    }

    private String text() {
        long served = rows.values().stream().filter(row -> row.state.equals(SERVED)).count();
        var text = new StringBuilder("# Operations of DynamoDB and DynamoDB Streams\n\n").append(served).append(" of ")
                .append(rows.size()).append(" are served. Made from what stock clients carried out with success: the AWS SDK")
                .append(" for Java (`Sdk...Test`), its enhanced\nclient (`SdkEnhancedTest`), boto3 and the SDK for JavaScript (`ScriptedTablesTest`),")
                .append(" the AWS CLI (`AwsCliTablesTest`).\nThe others are answered with the error that stands there,")
                .append(" each in `OperationsTableTest`.\n\n| operation | answer | tests with a stock client |\n|---|---|---|\n");
        rows.forEach((operation, row) -> text.append("| ").append(operation).append(" | ").append(row.state).append(" | ")
                .append(String.join(BETWEEN, row.tests.values())).append(" |\n"));
        return text.toString();
    }
}
