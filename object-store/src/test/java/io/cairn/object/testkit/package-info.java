/// What every object store does, whatever stores it: a model so small that it is plainly right, and a contract that compares any
/// implementation with it. Start reading at [io.cairn.object.testkit.ObjectStoreContract].
@org.jspecify.annotations.NullMarked
package io.cairn.object.testkit;
