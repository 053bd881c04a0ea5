package io.cairn.bench.objects;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Scenario;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/// Puts or gets by a library in this process, from several threads.
///
/// @param objects gets go over this many; puts write this many keys a thread and round before they begin again
record EmbeddedScenario(String id, String title, boolean puts, Content content, int threads, int objects, List<Goal> goals,
        AtomicInteger round) implements Scenario<EmbeddedStore> {
    private static final int READ_BACK = 20;

    @Override
    public Unit unit() {
        return Unit.OPERATIONS;
    }

    @Override
    public String method() {
        return "%d threads in the harness's own process, CPU of all of it; ".formatted(threads)
                + (puts
                        ? "every put durable when it returns, MD5 computed by all; after each round " + READ_BACK
                                + " objects are read back and compared"
                        : "%,d objects that fit in memory; length and CRC32C of every body are compared"
                                .formatted(objects));
    }

    @Override
    public void prepare(EmbeddedStore store) throws Exception {
        if (!puts)
            Load.count(objects, store, threads, number -> index -> {
                store.put("g" + content.size() + "/" + index, content.body(index).array());
                return 1;
            });
    }

    @Override
    public Work run(EmbeddedStore store, Duration time) throws Exception {
        if (!puts)
            return rate(Load.during(time, store, threads,
                    number -> index -> get(store, "g" + content.size() + "/", index * 7_919 % objects)));
        var prefix = "p" + content.size() + "/" + round.incrementAndGet() % 4 + "/";
        var bodies = IntStream.range(0, content.count()).mapToObj(i -> content.body(i).array()).toList();
        var tally = Load.during(time, store, threads, number -> index -> {
            long object = index % ((long) objects * threads);
            store.put(prefix + object, bodies.get((int) (object % bodies.size())));
            return 1;
        });
        for (int i = 0; i < Math.min(READ_BACK, threads); i++)
            get(store, prefix, i);
        return rate(tally);
    }

    private long get(EmbeddedStore store, String prefix, long index) throws Exception {
        var body = store.get(prefix + index);
        var crc = new CRC32C();
        crc.update(body);
        content.check(index, body.length, crc.getValue());
        return body.length;
    }

    private static Work rate(Load.Tally tally) {
        if (!(tally.seconds() > 0))
            throw new WrongAnswerException("a round took no time");
        return tally.work(tally.operationsPerSecond());
    }
}
