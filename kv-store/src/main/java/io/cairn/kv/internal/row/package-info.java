/// What stands in the store: spaces, keys and rows. Start reading at [io.cairn.kv.internal.row.KvSpace].
@org.jspecify.annotations.NullMarked
package io.cairn.kv.internal.row;
