package io.cairn.kv.internal.engine;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.kv.StreamPage;
import io.cairn.kv.StreamRecord;
import io.cairn.kv.StreamRecord.Sequence;
import io.cairn.kv.StreamShard;
import io.cairn.kv.TableStream;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.StreamRow;
import io.cairn.replication.Store;
import io.cairn.replication.Store.Range;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stream read from its rows. Rows know nothing of shards: a shard is a range of hashes over the four hours that stamps fall in, so
/// nothing is to be done when one is followed by the next.
///
/// @param label microsecond at which the stream was switched on
/// @param end stamp behind all of its records; [#ENABLED] while more may come
record LogStream(Store store, int table, long label, long end, InstantSource clock) implements TableStream {
    static final long ENABLED = Long.MAX_VALUE;
    private static final long GENERATION_MICROS = Duration.ofHours(4).toMillis() * 1000;
    /// A batch's stamp is given before it is applied; so long after a generation's end none is on its way any more.
    private static final long CLOSING_MICROS = Duration.ofMinutes(1).toMillis() * 1000;
    private static final String PREFIX = "shardId-";

    /// @param generation of four hours since 1970
    private record Shard(long generation, int range) {
        String id() {
            return "%s%020d-%08x".formatted(PREFIX, generation * GENERATION_MICROS, range);
        }

        Sequence from() {
            return new Sequence(generation * GENERATION_MICROS, 0);
        }

        long end() {
            return (generation + 1) * GENERATION_MICROS;
        }
    }

    private long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    private long oldest() {
        return Math.max(label, now() - Background.STREAM_LIFE.toMillis() * 1000);
    }

    private boolean isClosed(Shard shard) {
        return end != ENABLED || shard.end() + CLOSING_MICROS <= now();
    }

    private long newestGeneration() {
        return Math.min(now(), end) / GENERATION_MICROS;
    }

    @Override
    public List<StreamShard> shards() {
        long first = oldest() / GENERATION_MICROS;
        var shards = new ArrayList<StreamShard>();
        for (long generation = first; generation <= newestGeneration(); generation++)
            for (int range = 0; range < StreamRow.RANGES; range++) {
                var shard = new Shard(generation, range);
                shards.add(new StreamShard(shard.id(), generation == first ? null : new Shard(generation - 1, range).id(),
                        shard.from(), isClosed(shard) ? new Sequence(Math.min(shard.end(), end) - 1, 0) : null));
            }
        return shards;
    }

    private Shard shard(String id) {
        for (long generation = oldest() / GENERATION_MICROS; generation <= newestGeneration(); generation++)
            for (int range = 0; range < StreamRow.RANGES; range++) {
                var shard = new Shard(generation, range);
                if (shard.id().equals(id))
                    return shard;
            }
        throw new KvRefusedException(Reason.NOT_FOUND, "Requested resource not found: Shard does not exist");
    }

    private byte[] key(Shard shard, Sequence from) {
        return StreamRow.from(table, label, shard.range, from.stamp(), from.ordinal());
    }

    private Range rows(Shard shard, Sequence from) {
        return new Range(key(shard, from), key(shard, new Sequence(shard.end(), 0)));
    }

    @Override
    public Sequence latest(String id) {
        var shard = shard(id);
        try (var rows = store.scan(KvSpace.STREAM, rows(shard, shard.from()))) {
            rows.seekToLast();
            if (rows.valid())
                return sequence(rows.key()).next();
        }
        return shard.from();
    }

    private static Sequence sequence(byte[] key) {
        return new Sequence(StreamRow.stamp(key), StreamRow.ordinal(key));
    }

    @Override
    public StreamPage read(String id, Sequence from, int limit) {
        var shard = shard(id);
        var begin = from.compareTo(shard.from()) < 0 ? shard.from() : from;
        boolean closed = isClosed(shard);
        var records = new ArrayList<StreamRecord>();
        int bytes = 0;
        @Nullable
        Sequence next = begin;
        if (begin.stamp() >= shard.end())
            return new StreamPage(records, closed ? null : begin);
        try (var rows = store.scan(KvSpace.STREAM, rows(shard, begin))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                if (records.size() == limit || bytes >= StreamPage.MAX_BYTES)
                    return new StreamPage(records, next);
                var sequence = sequence(rows.key());
                var value = rows.value();
                records.add(record(sequence, StreamRow.decode(value)));
                bytes += value.length;
                next = sequence.next();
            }
        }
        return new StreamPage(records, closed ? null : next);
    }

    private static StreamRecord record(Sequence sequence, StreamRow row) {
        return new StreamRecord(sequence, switch (row.change()) {
            case INSERT -> StreamRecord.Change.INSERT;
            case MODIFY -> StreamRecord.Change.MODIFY;
            case REMOVE -> StreamRecord.Change.REMOVE;
        }, Instant.EPOCH.plus(sequence.stamp(), ChronoUnit.MICROS), row.expired(), row.keys(), row.before(), row.after());
    }
}
