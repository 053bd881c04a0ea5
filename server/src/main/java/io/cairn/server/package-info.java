/// The standalone server: one front door, a face per protocol, and the command line.
@org.jspecify.annotations.NullMarked
package io.cairn.server;
