package io.cairn.kv.testkit;

import io.cairn.kv.KvStore;
import io.cairn.kv.Table;
import java.util.function.UnaryOperator;

/// A machine whose store's tables get something wrong.
class PlantedSubject implements KvSubject {
    private final KvSubject subject;
    private final UnaryOperator<Table> plant;

    PlantedSubject(KvSubject subject, UnaryOperator<Table> plant) {
        this.subject = subject;
        this.plant = plant;
    }

    private static KvStore right(KvStore store) {
        return ((ForwardingKvStore) store).store;
    }

    @Override
    public KvStore open() {
        return new ForwardingKvStore(subject.open(), plant);
    }

    @Override
    public void cutAfter(int operations) {
        subject.cutAfter(operations);
    }

    @Override
    public void crash(KvStore store) {
        subject.crash(right(store));
    }

    @Override
    public void tend(KvStore store) {
        subject.tend(right(store));
    }

    @Override
    public Clock clock() {
        return subject.clock();
    }

    @Override
    public void close() {
        subject.close();
    }
}
