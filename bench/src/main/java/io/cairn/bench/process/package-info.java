/// Programs run beside this one: started, waited for, their CPU time read, ended by pid; and the machine they run on. Start reading at
/// [io.cairn.bench.process.ChildProcess].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.process;
