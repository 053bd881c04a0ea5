package io.cairn.replication;

/// Whose batches a log carries. The id is written into every batch; ids are never reused.
public enum Engine {
    OBJECTS(1), VOLUMES(2), KV(3), SQL(4), WAREHOUSE(5), TEST(255);

    private final int id;

    Engine(int id) {
        this.id = id;
    }

    public int id() {
        return id;
    }
}
