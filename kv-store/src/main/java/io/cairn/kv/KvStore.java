package io.cairn.kv;

import io.cairn.kv.internal.engine.LogKvStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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

    /// Makes a table; [Reason#IN_USE] when there is one of this name. Blocks.
    Table createTable(TableDefinition definition);

    /// The table of this name, or [Reason#NOT_FOUND].
    Table table(String name);

    /// Names of all tables, in byte order.
    List<String> tableNames();

    /// Makes a table what `definition` says: adds and drops global indexes, switches stream, expiry and protection. Blocks until that holds;
    /// an index that was added is CREATING, and refuses queries, until what stands in the table is in it.
    TableDescription alterTable(TableDefinition definition);

    /// Removes a table with its items. Blocks.
    TableDescription deleteTable(String name);

    /// All of these writes, or none of them. [Reason#TRANSACTION_CANCELED] says which stood in the way.
    ///
    /// @param once null for none. A request that was carried out already answers with an empty list
    CompletableFuture<List<WriteResult>> transact(List<? extends TransactWrite> writes, @Nullable Idempotency once);

    /// One item of a transaction's reads.
    record TransactGet(Table table, Item key) {}

    /// These items as they are at one moment; null for those that are not there. Blocks.
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
