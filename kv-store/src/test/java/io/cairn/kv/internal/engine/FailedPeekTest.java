package io.cairn.kv.internal.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.cairn.kv.Item;
import io.cairn.kv.KeySchema;
import io.cairn.kv.TableDefinition;
import io.cairn.kv.Value;
import io.cairn.kv.ValueType;
import io.cairn.kv.internal.row.KvSpace;
import io.cairn.replication.CommitListener;
import io.cairn.replication.LogOptions;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store;
import io.cairn.replication.StoreFailedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A write whose item could not be looked up holds nobody up.
class FailedPeekTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    @TempDir
    Path directory;

    @Test
    void theNextWriteOfTheSameItemNeedNotWait() throws Exception {
        var failing = new AtomicBoolean();
        var log = ReplicatedLog.open(directory.resolve("0"), KvSpace.group(0), LogOptions.DEFAULT, CommitListener.NONE);
        var store = (Store) Proxy.newProxyInstance(Store.class.getClassLoader(), new Class<?>[]{Store.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("peek") && failing.getAndSet(false))
                        throw new StoreFailedException("planted", null);
                    return passOn(log.store(), method, arguments);
                });
        var watched = (ReplicatedLog) Proxy.newProxyInstance(ReplicatedLog.class.getClassLoader(),
                new Class<?>[]{ReplicatedLog.class},
                (_, method, arguments) -> method.getName().equals("store") ? store : passOn(log, method, arguments));
        try (var kv = new LogKvStore(() -> {
        }, watched, InstantSource.system(), false)) {
            var table = kv.createTable(TableDefinition.of("table", KeySchema.of("k"), Map.of("k", ValueType.S)));
            var item = Item.of("k", Value.s("one"));
            failing.set(true);
            assertThrows(StoreFailedException.class, () -> table.put(item));
            assertTimeoutPreemptively(SOON, () -> table.put(item));
        }
    }

    private static Object passOn(Object to, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(to, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
