/// Master keys that this server keeps for its engines.
@org.jspecify.annotations.NullMarked
package io.cairn.server.keys;
