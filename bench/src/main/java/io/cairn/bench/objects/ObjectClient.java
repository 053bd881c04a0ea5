package io.cairn.bench.objects;

import io.cairn.bench.http.HttpConnection;
import io.cairn.bench.match.Load.Worker;
import io.cairn.bench.match.WrongAnswerException;
import java.io.IOException;
import java.util.zip.CRC32C;

/// One connection that puts and gets objects of some [Content] and believes nothing: of a GET length and CRC32C of every body, of a PUT the
/// ETag, where the server gives the MD5 as S3 does. One thread.
final class ObjectClient implements AutoCloseable {
    private final HttpConnection connection;
    private final Requests requests;
    private final boolean md5Etags;
    private final CRC32C crc = new CRC32C();

    ObjectClient(ObjectServer server) throws IOException {
        connection = new HttpConnection(server.port());
        requests = Requests.to(server);
        md5Etags = server.keys().isPresent();
    }

    void createBucket(String bucket) throws IOException {
        if (md5Etags)
            connection.exchange(requests.put("/" + bucket, 0), null, HttpConnection.Sink.DISCARD);
    }

    /// Stores body `index` of `content`.
    long put(String path, Content content, long index) throws IOException {
        var body = content.body(index);
        connection.exchange(requests.put(path, content.size()), body.view(), HttpConnection.Sink.DISCARD);
        if (md5Etags && !connection.head().has("etag", body.md5()))
            throw new WrongAnswerException("PUT " + path + " was not answered with the MD5 " + body.md5() + " as ETag");
        return content.size();
    }

    /// Reads an object, whose request was made before, and compares it with body `index` of `content`.
    long get(byte[] request, Content content, long index) throws IOException {
        crc.reset();
        connection.exchange(request, null, crc::update);
        content.check(index, connection.bodyBytes(), crc.getValue());
        return content.size();
    }

    long get(String path, Content content, long index) throws IOException {
        return get(requests.get(path), content, index);
    }

    /// Reads one page of a listing into `page`.
    void list(String bucket, String query, ListPage page) throws IOException {
        page.clear();
        connection.exchange(requests.get("/" + bucket, query), null, page);
        page.scan();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /// An operation by a client, as work of a thread of its own.
    interface Operation { long run(ObjectClient client, long index) throws Exception; }

    static Worker worker(ObjectServer server, Operation operation) throws IOException {
        var client = new ObjectClient(server);
        return new Worker() {
            @Override
            public long work(long index) throws Exception {
                return operation.run(client, index);
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }
}
