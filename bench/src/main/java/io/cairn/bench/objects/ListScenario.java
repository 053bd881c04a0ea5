package io.cairn.bench.objects;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Load.Worker;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Lists a bucket page by page, from its begin to its end and again.
final class ListScenario extends ServerScenario {
    private final Content content;
    private final int connections;
    private final int keys;
    private final int pageKeys;

    ListScenario(List<Goal> goals, Content content, int connections, int keys, int pageKeys) {
        super("list", "LIST, pages of " + pageKeys + " keys", Unit.KEYS, goals);
        this.content = content;
        this.connections = connections;
        this.keys = keys;
        this.pageKeys = pageKeys;
    }

    @Override
    public String method() {
        return "%d connections, ListObjectsV2 over a bucket of %,d objects of %,d bytes; of every page the count of keys, the first and the last"
                .formatted(connections, keys, content.size())
                + " are compared with what they must be; CPU is that of a page";
    }

    @Override
    public Optional<String> excludes(ObjectServer server) {
        return server.keys().isPresent() ? Optional.empty() : Optional.of("it has no listing of objects");
    }

    @Override
    public void prepare(ObjectServer server) throws Exception {
        GetScenario.fill(server, id(), content, connections, keys);
    }

    @Override
    public Work run(ObjectServer server, Duration time) throws Exception {
        var tally = Load.during(time, server, connections, number -> new Walk(server));
        return tally.work(tally.amount() / tally.seconds());
    }

    /// One connection's way through the bucket.
    private final class Walk implements Worker {
        private final ObjectClient client;
        private final ListPage page = new ListPage();
        private int position;
        private String token = "";

        Walk(ObjectServer server) throws IOException {
            client = new ObjectClient(server);
        }

        @Override
        public long work(long index) throws IOException {
            client.list(id(), (token.isEmpty() ? "" : "continuation-token=" + encoded(token) + "&") + "list-type=2&max-keys="
                    + pageKeys, page);
            int expected = Math.min(pageKeys, keys - position);
            int end = position + expected;
            if (page.count() != expected || !page.firstKey().equals(GetScenario.key(position))
                    || !page.lastKey().equals(GetScenario.key(end - 1)) || page.nextToken().isEmpty() != (end == keys))
                throw new WrongAnswerException("a page after %d of %d keys has %d keys, %s to %s, and goes on at '%s'"
                        .formatted(position, keys, page.count(), page.firstKey(), page.lastKey(), page.nextToken()));
            position = end == keys ? 0 : end;
            token = page.nextToken();
            return expected;
        }

        private static String encoded(String token) {
            return URLEncoder.encode(token, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
