/// What operators ask: health and metrics, on a port of its own.
@org.jspecify.annotations.NullMarked
package io.cairn.server.ops;
