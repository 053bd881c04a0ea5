@org.jspecify.annotations.NullMarked
package io.cairn.object.internal.engine;
