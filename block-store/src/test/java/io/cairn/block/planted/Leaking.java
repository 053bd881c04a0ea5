package io.cairn.block.planted;

import javax.xml.stream.XMLStreamReader;
import org.rocksdb.RocksDB;

/// An engine class that names a wire format and the store beneath the log.
public record Leaking(XMLStreamReader wire, RocksDB store) {}
