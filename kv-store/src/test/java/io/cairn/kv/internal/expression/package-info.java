@org.jspecify.annotations.NullMarked
package io.cairn.kv.internal.expression;
