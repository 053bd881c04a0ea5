package io.cairn.kv.testkit;

import io.cairn.kv.internal.row.DisabledStreamRow;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.kv.internal.row.StreamRow;
import io.cairn.replication.Batch;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.Proposed;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.internal.batch.Operations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Mistakes in what a store writes, planted between the engine and its log: batches lose rows, or have others. The contract must catch each.
enum PlantedFault {
    INDEX_ROW_NOT_REMOVED {
        @Override
        void edit(Edit edit) {
            edit.rows.removeIf(row -> row instanceof Operation.Delete(int space, _) && isIndex(space));
        }
    },
    INDEX_ROW_STALE {
        @Override
        void edit(Edit edit) {
            edit.rows.removeIf(row -> row instanceof Operation.Put(int space, var key, _) && isIndex(space)
                    && edit.log.store().get(KvSpace.values()[space], key) != null);
        }
    },
    LOCAL_INDEX_ROW_MISSING {
        @Override
        void edit(Edit edit) {
            edit.rows.removeIf(row -> row instanceof Operation.Put(int space, _, _) && space == KvSpace.LSI.ordinal()
                    && edit.count(KvSpace.LSI) > 1);
        }
    },
    HALF_A_TRANSACTION {
        @Override
        void edit(Edit edit) {
            if (edit.count(KvSpace.DATA) > 1)
                edit.rows.remove(edit.last(KvSpace.DATA));
        }
    },
    TOKEN_FORGOTTEN {
        @Override
        void edit(Edit edit) {
            edit.rows.removeIf(row -> space(row) == KvSpace.TOKEN.ordinal());
        }
    },
    STREAM_ROW_MISSING {
        @Override
        void edit(Edit edit) {
            if (edit.rows.stream()
                    .anyMatch(row -> row instanceof Operation.Delete(int space, _) && space == KvSpace.DATA.ordinal()))
                edit.rows.removeIf(row -> space(row) == KvSpace.STREAM.ordinal());
        }
    },
    STREAM_ROWS_OUT_OF_ORDER {
        @Override
        void edit(Edit edit) {
            int most = (int) edit.count(KvSpace.STREAM) - 1;
            edit.rows.replaceAll(row -> {
                if (!(row instanceof Operation.Put(int space, var key, var value)) || space != KvSpace.STREAM.ordinal())
                    return row;
                var other = key.clone();
                other[other.length - 1] = (byte) (most - other[other.length - 1]);
                return new Operation.Put(space, other, value);
            });
        }
    },
    STREAM_TELLS_AN_INSERT_OF_A_CHANGE {
        @Override
        void edit(Edit edit) {
            edit.told(told -> new StreamRow(told.change() == StreamRow.Change.MODIFY ? StreamRow.Change.INSERT : told.change(),
                    told.expired(), told.keys(), told.before(), told.after()));
        }
    },
    STREAM_LOSES_THE_OLD_IMAGE {
        @Override
        void edit(Edit edit) {
            edit.told(told -> new StreamRow(told.change(), told.expired(), told.keys(), null, told.after()));
        }
    },
    STREAM_DOES_NOT_SAY_THAT_IT_EXPIRED {
        @Override
        void edit(Edit edit) {
            edit.told(told -> new StreamRow(told.change(), false, told.keys(), told.before(), told.after()));
        }
    },
    STREAM_FORGOTTEN_AT_ITS_END {
        @Override
        void edit(Edit edit) {
            edit.rows.removeIf(PlantedFault::isEnd);
        }
    },
    STREAM_REMOVED_AT_ITS_END {
        @Override
        void edit(Edit edit) {
            if (edit.rows.stream().anyMatch(PlantedFault::isEnd))
                edit.rows.add(new Operation.DeleteRange(KvSpace.STREAM.ordinal(), new byte[]{0}, new byte[]{1}));
        }
    },
    EXPIRY_ROW_MISSING {
        @Override
        void edit(Edit edit) {
            edit.rows.removeIf(row -> row instanceof Operation.Put(int space, _, _) && space == KvSpace.TTL.ordinal()
                    && edit.count(KvSpace.DATA) == 1);
        }
    },
    BACKFILL_FORGETS_THE_LAST_ITEM {
        @Override
        void edit(Edit edit) {
            if (edit.isFilling() && edit.count(KvSpace.GSI) > 1)
                edit.rows.remove(edit.last(KvSpace.GSI));
        }
    },
    BACKFILL_OVERWRITES_A_NEWER_ROW {
        @Override
        void edit(Edit edit) {
            edit.rows.replaceAll(row -> {
                if (!(row instanceof Operation.Put(int space, var key, var value)) || space != KvSpace.GSI.ordinal())
                    return row;
                var first = edit.memory.computeIfAbsent(HexFormat.of().formatHex(key), _ -> value);
                return edit.isFilling() ? new Operation.Put(space, key, first) : row;
            });
        }
    },
    SECOND_ITEM_OF_A_TRANSACTION_IS_NOT_INDEXED {
        @Override
        void edit(Edit edit) {
            if (edit.count(KvSpace.DATA) > 1 && edit.count(KvSpace.GSI) > 0)
                edit.rows.remove(edit.last(KvSpace.GSI));
        }
    };

    abstract void edit(Edit edit);

    /// A batch to be edited.
    ///
    /// @param memory of this fault, over all batches
    record Edit(List<Operation> rows, ReplicatedLog log, Map<String, byte[]> memory) {
        private long count(KvSpace space) {
            return rows.stream().filter(row -> space(row) == space.ordinal()).count();
        }

        private Operation last(KvSpace space) {
            return rows.reversed().stream().filter(row -> space(row) == space.ordinal()).findFirst().orElseThrow();
        }

        /// Rows of an index alone come from filling it.
        private boolean isFilling() { return count(KvSpace.GSI) == rows.size(); }

        private interface Retold { StreamRow of(StreamRow told); }

        private void told(Retold retold) {
            rows.replaceAll(
                    row -> row instanceof Operation.Put(int space, var key, var value) && space == KvSpace.STREAM.ordinal()
                            ? new Operation.Put(space, key, retold.of(StreamRow.decode(value)).encode())
                            : row);
        }
    }

    private static int space(Operation row) {
        return switch (row) {
            case Operation.Put put -> put.space();
            case Operation.Delete delete -> delete.space();
            case Operation.DeleteRange _,Operation.Note _,Operation.AddExtent _,Operation.DropExtent _,Operation.DropPieces _ ->
                -1;
        };
    }

    /// Whether it says that a stream has ended.
    private static boolean isEnd(Operation row) {
        return row instanceof Operation.Put(int space, var key, _) && space == KvSpace.META.ordinal()
                && DisabledStreamRow.isDisabledStream(key);
    }

    private static boolean isIndex(int space) {
        return space == KvSpace.LSI.ordinal() || space == KvSpace.GSI.ordinal();
    }

    ReplicatedLog plant(ReplicatedLog log) {
        return new Edited(log, this::edit);
    }

    /// Takes batches apart and puts them together again as they were: what the contract must not mind.
    static ReplicatedLog nothing(ReplicatedLog log) {
        return new Edited(log, _ -> {
        });
    }

    private static final class Edited extends ForwardingLog {
        private final Map<String, byte[]> memory = new HashMap<>();

        private final Consumer<Edit> editing;

        Edited(ReplicatedLog log, Consumer<Edit> editing) {
            super(log);
            this.editing = editing;
        }

        @Override
        public synchronized Proposed propose(Batch batch) {
            var sealed = batch.seal();
            var operations = new ArrayList<>(Operations.parse(ByteBuffer.wrap(sealed.operations(), 0, sealed.length())));
            editing.accept(new Edit(operations, log, memory));
            return super.propose(rebuilt(operations));
        }

        private static Batch rebuilt(List<Operation> operations) {
            var batch = new Batch();
            var spaces = KvSpace.values();
            for (var operation : operations)
                switch (operation) {
                    case Operation.Put(int space, var key, var value) -> {
                        if (space == KvSpace.STREAM.ordinal())
                            batch.put(KvSpace.STREAM, key, value, Batch.Slot.inKey(StreamRow.STAMP_AT));
                        else if (isEnd(operation))
                            batch.put(KvSpace.META, key, value, Batch.Slot.inValue(DisabledStreamRow.STAMP_AT));
                        else
                            batch.put(spaces[space], key, value);
                    }
                    case Operation.Delete(int space, var key) -> batch.delete(spaces[space], key);
                    case Operation.DeleteRange(int space, var from, var to) -> batch.deleteRange(spaces[space], from, to);
                    case Operation.Note(var note) -> batch.note(note);
                    case Operation.AddExtent _,Operation.DropExtent _,Operation.DropPieces _ ->
                        throw new IllegalStateException("no extents here");
                }
            return batch.isEmpty() ? batch.delete(KvSpace.TOKEN, new byte[]{0}) : batch;
        }
    }
}
