/// placeholder
@org.jspecify.annotations.NullMarked
package io.cairn.bench;
