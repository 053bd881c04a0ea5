package io.cairn.server.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/// One call of the command line: all that a command knows of the process around it, so that a test can be that process.
///
/// @param home the directory above `bin/`
/// @param environment of the process
/// @param outTerminal whether a person reads `out`, as the launcher found it
/// @param errTerminal whether a person reads `err`
/// @param starter starts the engines and their faces
/// @param beforeEnd takes what must run before the process ends and returns the status to end with
record Invocation(Path home, Map<String, String> environment, InputStream in, PrintStream out, PrintStream err,
        boolean outTerminal, boolean errTerminal, ServerProcess.Starter starter, Consumer<IntSupplier> beforeEnd) {
    /// The real one. The launcher says in system properties where it stands and which streams are terminals: java itself cannot
    /// tell that of one stream alone.
    static Invocation ofProcess(ProcessExit exit) {
        var terminals = List.of(System.getProperty("cairn.terminals", "").split(","));
        return new Invocation(Path.of(System.getProperty("cairn.home", "")).toAbsolutePath(), System.getenv(), System.in,
                System.out,
                System.err, terminals.contains("out"), terminals.contains("err"), new Assembly(),
                exit::before);
    }
}
