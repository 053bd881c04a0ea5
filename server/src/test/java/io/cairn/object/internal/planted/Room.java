package io.cairn.object.internal.planted;

import io.cairn.server.planted.first.First;
import io.netty.buffer.ByteBuf;

/// A class of an engine that knows the server and the network: imports that point up.
public record Room(First server, ByteBuf wire) {}
