package io.cairn.kv.testkit;

/// The engine on a simulated log, every step of which follows from a seed.
class SimulatedKvStoreContractTest extends KvContract {
    @Override
    protected KvSubject subject(long seed) {
        return new SimKvSubject(seed);
    }
}
