package io.cairn.replication.internal.log;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.Relocation;
import io.cairn.replication.internal.extent.ExtentReader;
import io.cairn.replication.internal.extent.PackedFileWriter;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies what lives in the victims into files of survivors: one for what comes from the log, one for what was moved before and
/// so is likely to stay. They lie there in the order of the rows, so that neighbours, which often die together, are neighbours on the disk.
final class Round implements Relocation, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    /// What a round needs of its log.
    interface Files {
        @Nullable
        ExtentReader open(Extent extent);

        PackedFileWriter begin();

        void settled(long number);
    }

    private final Set<FileKey> victims;
    private final Files files;
    private final Pace pace;
    private final int packBytes;
    private final CleaningCounts counts;
    private final Map<Home, PackedFileWriter> writers = new EnumMap<>(Home.class);
    private final List<Long> unsettled = new ArrayList<>(2);

    Round(Set<FileKey> victims, Files files, Pace pace, int packBytes, CleaningCounts counts) {
        this.victims = victims;
        this.files = files;
        this.pace = pace;
        this.packBytes = packBytes;
        this.counts = counts;
    }

    @Override
    public boolean concerns(Extent extent) {
        return extent.length() <= Extent.MAX_IN_LOG_BYTES && victims.contains(FileKey.of(extent));
    }

    @Override
    public @Nullable Extent copy(Extent extent) {
        if (!pace.take(extent.length()))
            return null;
        try (var reader = files.open(extent)) {
            if (reader == null)
                return null;
            var whole = reader.whole();
            return writerFor(extent).add(whole.kind(), whole.payload());
        } catch (CorruptLogException e) {
            if (counts.damaged(extent))
                LOG.error("{} is damaged and stays where it is, with its file: {}", extent, e.getMessage());
            return null;
        } catch (IOException e) {
            if (counts.damaged(extent))
                LOG.error("{} cannot be read and stays where it is, with its file: {}", extent, e.getMessage());
            return null;
        }
    }

    @Override
    public @Nullable Extent write(Extent from, int kind, ByteBuffer payload) {
        return pace.take(payload.remaining()) ? writerFor(from).add(kind, payload) : null;
    }

    @Override
    public @Nullable Extent write(Extent from, int kind, int length, PlacedPayload payload) {
        return pace.take(length) ? writerFor(from).add(kind, length, payload) : null;
    }

    private PackedFileWriter writerFor(Extent from) {
        return writers.computeIfAbsent(from.home(), _ -> files.begin());
    }

    @Override
    public boolean full() {
        return writers.values().stream().mapToLong(PackedFileWriter::bytes).sum() >= packBytes;
    }

    @Override
    public void sync() {
        for (var writer : writers.values()) {
            writer.finish();
            counts.copied(writer.bytes());
            unsettled.add(writer.number());
        }
        writers.clear();
    }

    @Override
    public void settled(long batchBytes) {
        unsettled.forEach(files::settled);
        unsettled.clear();
        counts.batches(batchBytes);
    }

    @Override
    public void keep() {
        unsettled.clear();
    }

    @Override
    public boolean ended() {
        return pace.ended();
    }

    /// What was copied but not settled, because the engine gave up, is no use to anybody.
    @Override
    public void close() {
        for (var writer : writers.values()) {
            writer.close();
            unsettled.add(writer.number());
        }
        writers.clear();
        settled(0);
    }
}
