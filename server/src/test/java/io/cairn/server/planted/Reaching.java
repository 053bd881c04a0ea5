package io.cairn.server.planted;

import io.cairn.object.internal.planted.Room;
import org.rocksdb.RocksDB;

/// A class of the server that reaches into an engine's rooms and past the log.
public record Reaching(Room room, RocksDB store) {}
