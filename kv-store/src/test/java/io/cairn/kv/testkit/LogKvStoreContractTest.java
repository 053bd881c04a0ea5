package io.cairn.kv.testkit;

/// The engine on a real log, over a disk that loses what was not synced.
class LogKvStoreContractTest extends KvContract {
    @Override
    protected KvSubject subject(long seed) {
        return new LocalKvSubject(seed);
    }
}
