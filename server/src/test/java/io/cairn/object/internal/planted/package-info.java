/// A planted internal room of an engine.
@org.jspecify.annotations.NullMarked
package io.cairn.object.internal.planted;
