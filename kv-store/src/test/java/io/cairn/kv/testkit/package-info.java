/// What any store of items must do, as a model, random histories and contracts. Start reading at [io.cairn.kv.testkit.KvContract].
@org.jspecify.annotations.NullMarked
package io.cairn.kv.testkit;
