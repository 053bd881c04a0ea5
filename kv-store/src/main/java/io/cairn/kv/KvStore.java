package io.cairn.kv;

import io.cairn.kv.internal.engine.LogKvStore;
import io.cairn.kv.internal.engine.StoreCheck;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveStatus;
import io.cairn.replication.Damage;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tables of items in one directory of this process, as DynamoDB has them. Every method may be called from any thread; those that change
/// something return, or complete, only after the change is on disk.
///
/// Refusals are [KvRefusedException]s and change nothing.
///
/// How many items a table has is exact, but after a crash not before all were counted once more.
public interface KvStore extends AutoCloseable {
    /// At most this many tables; one more is refused with [Reason#LIMIT_EXCEEDED].
    int MAX_TABLES = 2_500;

    /// Opens the store in `directory`, or makes one there. One process at a time. `io.cairn.replication.StoreFailedException` says what
    /// stands in the way, `io.cairn.replication.CorruptLogException` names damage.
    static KvStore open(Path directory) {
        return open(directory, KvStoreOptions.DEFAULT);
    }

    static KvStore open(Path directory, KvStoreOptions options) {
        return LogKvStore.open(directory, options);
    }

    /// Reads every byte of a store that no process has open, holds it against its checksums, and every row against the others: items, indexes,
    /// expiries, streams, counts. Tells all that is wrong, with the item that it hits; changes nothing on the disk. What a store that was not closed
    /// has in its log alone is checked as bytes, not as rows, and [CheckReport#unapplied] says how much that is.
    /// `io.cairn.replication.StoreFailedException` when the directory is in use or holds something else.
    static CheckReport check(Path directory, Consumer<Damage> found) {
        return StoreCheck.check(directory, found);
    }

    /// Makes the directory of a store in `into`, which must not exist, from an archive of one: as it was at `target`. What
    /// [Restore#engine] says of refusals holds.
    ///
    /// @param timeline of the archive; empty for the one begun last of those that reach the instant
    static Restored restore(Archive archive, Target target, OptionalLong timeline, Path into) {
        return LogKvStore.restore(archive, target, timeline, into);
    }

    /// Reads all that can be read of this store, while it is used: the files that rows lie in, held against their checksums, and every row, held
    /// against the others. Tells what is damaged and which items that hits. Blocks; rows at so many bytes a second at most. The log before the last
    /// flush is looked at by [#check].
    ///
    /// @param ended asked between pages of rows: then it stops
    ScrubReport scrub(long bytesPerSecond, Consumer<Damage> found, BooleanSupplier ended);

    /// How far the store is archived; nothing when it has no archive.
    default Optional<ArchiveStatus> archiveStatus() {
        return Optional.empty();
    }

    /// Makes a table; [Reason#IN_USE] when there is one of this name. Blocks.
    Table createTable(TableDefinition definition);

    /// The table of this name, or [Reason#NOT_FOUND].
    Table table(String name);

    /// Names of all tables, in byte order.
    List<String> tableNames();

    /// Makes a table what `definition` says: adds and drops global indexes, switches stream, expiry and protection. Blocks until that holds;
    /// an index that was added is CREATING, and refuses queries, until what stands in the table is in it.
    TableDescription alterTable(TableDefinition definition);

    /// The same with what `change` makes of the table as it is, which nobody else alters meanwhile. `change` must not call the store.
    TableDescription alterTable(String name, Function<TableDescription, TableDefinition> change);

    /// Removes a table with its items; its stream is told to its end. Blocks.
    TableDescription deleteTable(String name);

    /// All streams: those of tables, and those that ended less than [TableStream#KEPT] ago. In byte order of their tables' names, then the oldest
    /// first.
    List<StreamDescription> streams();

    /// The same of tables of one name, standing or deleted.
    List<StreamDescription> streams(String table);

    /// The stream of [#streams] with this label; [Reason#NOT_FOUND] when there is none.
    ///
    /// @param table name
    TableStream stream(String table, Instant label);

    /// All of these writes, or none of them. [Reason#TRANSACTION_CANCELED] says which stood in the way.
    ///
    /// @param once null for none. A request that was carried out already answers with an empty list
    CompletableFuture<List<WriteResult>> transact(List<? extends TransactWrite> writes, @Nullable Idempotency once);

    /// One item of a transaction's reads. Each is another item.
    record TransactGet(Table table, Item key) {}

    /// These items as they are at one moment; null for those that are not there. Blocks. [Reason#TRANSACTION_CANCELED] says which keys are none
    /// of their table. [Reason#VALIDATION] when they are more than 4 MB.
    List<@Nullable Item> transactGet(List<TransactGet> gets);

    /// Completes with the cause when the store can take no more changes because its disk has failed or is full: close it and open it
    /// again once that is mended. Never completes otherwise.
    CompletableFuture<Throwable> failed();

    @Override
    void close();

    /// The answer, or the refusal, once it is there. Blocks.
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KvRefusedException refused)
                throw refused;
            if (e.getCause() instanceof RuntimeException cause)
                throw cause;
            throw e;
        }
    }
}
