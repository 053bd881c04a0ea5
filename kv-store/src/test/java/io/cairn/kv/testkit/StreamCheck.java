package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.StreamRecord;
import io.cairn.kv.TableStream;
import io.cairn.kv.testkit.ModelTable.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// A stream tells every change once, in order, for 24 hours.
final class StreamCheck {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int PAGE = 3;

    private StreamCheck() {}

    static void compare(List<Told> expected, TableStream stream, Instant now) {
        var records = records(stream);
        int from = 0;
        // What is older may be gone.
        while (expected.size() - from > records.size() && expected.get(from).at().isBefore(now.minus(KEPT)))
            from++;
        assertEquals(expected.size() - from, records.size(), () -> "changes told: " + records.stream().map(StreamRecord::keys)
                .toList() + " of " + expected.stream().map(Told::keys).toList());
        for (int to = from; from < expected.size(); from = to) {
            while (to < expected.size() && expected.get(to).group() == expected.get(from).group())
                to++;
            int offset = expected.size() - records.size();
            compareGroup(expected.subList(from, to), records.subList(from - offset, to - offset));
        }
    }

    private static void compareGroup(List<Told> group, List<StreamRecord> records) {
        var told = new ArrayList<Told>();
        for (int i = 0; i < group.size(); i++) {
            var record = records.get(i);
            told.add(new Told(record.change(), record.expired(), Plain.of(record.keys()), Plain.ofNullable(record.before()),
                    Plain.ofNullable(record.after()), group.get(i).at(), group.get(i).group()));
        }
        if (group.size() == 1)
            assertEquals(group, told, "change told");
        else
            assertEquals(new HashSet<>(group), new HashSet<>(told), "changes told");
    }

    private static List<StreamRecord> records(TableStream stream) {
        var all = new ArrayList<StreamRecord>();
        var shardOf = new HashMap<Object, String>();
        for (var shard : stream.shards()) {
            var inShard = new ArrayList<StreamRecord>();
            for (var page = stream.read(shard.id(), shard.from(), PAGE);; page = stream.read(shard.id(), page.next(), PAGE)) {
                assertTrue(page.records().size() <= PAGE);
                inShard.addAll(page.records());
                if (page.next() == null || page.records().isEmpty())
                    break;
            }
            for (int i = 1; i < inShard.size(); i++)
                assertTrue(inShard.get(i - 1).sequence().compareTo(inShard.get(i).sequence()) < 0, "order within a shard");
            if (!inShard.isEmpty())
                assertTrue(stream.latest(shard.id()).compareTo(inShard.getLast().sequence()) > 0, "latest");
            for (var record : inShard) {
                var range = shard.id().substring(shard.id().lastIndexOf('-'));
                assertEquals(range, shardOf.computeIfAbsent(Map.of("keys", Plain.of(record.keys())), _ -> range),
                        "an item's changes are in one range");
            }
            all.addAll(inShard);
        }
        all.sort(Comparator.comparing(StreamRecord::sequence));
        return all;
    }
}
