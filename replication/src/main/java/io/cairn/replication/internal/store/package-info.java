/// The applied state, in RocksDB with its write-ahead log off. Nothing outside this package touches RocksDB.
@org.jspecify.annotations.NullMarked
package io.cairn.replication.internal.store;
