/// DynamoDB's expressions: text to syntax, syntax with placeholders resolved, and what that does to items, on their bytes. Start reading at
/// [io.cairn.kv.internal.expression.Compiler].
@org.jspecify.annotations.NullMarked
package io.cairn.kv.internal.expression;
