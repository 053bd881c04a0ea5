package io.cairn.kv.testkit;

import io.cairn.replication.Batch;
import io.cairn.replication.CheckpointRef;
import io.cairn.replication.Epoch;
import io.cairn.replication.Extent;
import io.cairn.replication.ExtentContent;
import io.cairn.replication.ExtentWriter;
import io.cairn.replication.LogReader;
import io.cairn.replication.Pin;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.Proposed;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.ReadPoint;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A log that passes everything on to another.
class ForwardingLog implements ReplicatedLog {
    final ReplicatedLog log;

    ForwardingLog(ReplicatedLog log) {
        this.log = log;
    }

    @Override
    public Store store() {
        return log.store();
    }

    @Override
    public Epoch epoch() {
        return log.epoch();
    }

    @Override
    public Extent append(int kind, ByteBuffer... payload) {
        return log.append(kind, payload);
    }

    @Override
    public Extent append(int kind, int length, PlacedPayload payload) {
        return log.append(kind, length, payload);
    }

    @Override
    public ExtentWriter newExtent(int kind) {
        return log.newExtent(kind);
    }

    @Override
    public void discard(Extent extent) {
        log.discard(extent);
    }

    @Override
    public boolean read(Extent piece, ByteBuffer into) throws IOException {
        return log.read(piece, into);
    }

    @Override
    public Pin pin() {
        return log.pin();
    }

    @Override
    public @Nullable ExtentContent open(Extent extent) {
        return log.open(extent);
    }

    @Override
    public Proposed propose(Batch batch) {
        return log.propose(batch);
    }

    @Override
    public CompletableFuture<ReadPoint> readPoint(ReadLevel level) {
        return log.readPoint(level);
    }

    @Override
    public LogReader tail(long fromIndex) {
        return log.tail(fromIndex);
    }

    @Override
    public CheckpointRef checkpoint(Path directory) {
        return log.checkpoint(directory);
    }

    @Override
    public void flush() {
        log.flush();
    }

    @Override
    public CompletableFuture<Throwable> failed() {
        return log.failed();
    }

    @Override
    public void close() {
        log.close();
    }
}
