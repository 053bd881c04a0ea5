package io.cairn.kv;

import io.cairn.kv.StreamRecord.Sequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of a shard's changes, in order.
///
/// @param next where the page behind begins; null when the shard is closed and this was its end
public record StreamPage(List<StreamRecord> records, @Nullable Sequence next) {
    public static final int MAX_RECORDS = 1000;
    public static final int MAX_BYTES = 1 << 20;

    public StreamPage {
        records = List.copyOf(records);
    }
}
