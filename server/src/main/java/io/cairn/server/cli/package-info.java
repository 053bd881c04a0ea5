/// The command line. `server` starts the engines and their faces in this process; all other commands are clients of a running
/// server, so that what they may do is decided where everything else is decided. Start reading at [io.cairn.server.cli.Main].
@org.jspecify.annotations.NullMarked
package io.cairn.server.cli;
