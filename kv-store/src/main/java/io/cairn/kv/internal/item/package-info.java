/// Items as bytes: the format, and how to walk it without making objects. Start reading at [io.cairn.kv.internal.item.Encoded].
@org.jspecify.annotations.NullMarked
package io.cairn.kv.internal.item;
