package io.cairn.server.http;

import java.time.Duration;

/// What one client, and all together, may cost.
///
/// | at the bound of | what happens |
/// |---|---|
/// | `headBytes`, `headers` | 431 `RequestHeaderSectionTooLarge`, connection closed |
/// | `headTime`, from the first byte of a head to its last | 408 `RequestTimeout`, connection closed |
/// | `bodyBytesPerSecond`, over each `bodyWindow` in which the server waited for the client | 408 `RequestTimeout`, connection closed |
/// | `idleTime` without a request, or without the client taking a byte of an answer | connection closed |
/// | `connections`, `connectionsPerAddress` | the new connection is closed |
/// | `drainBytes` of a body that nobody wants | connection closed after the answer, input discarded for at most `lingerTime` |
/// | a fourth of the heap in large bodies and answers of all requests | 503 `SlowDown`; DynamoDB's reads tell fewer items, or `ThrottlingException` |
/// | `workers` busy and `workerQueue` waiting | 503 `SlowDown` |
/// | `hashedBodyBytes` of a body that must be hashed before its signature can be checked | 400 `EntityTooLarge` |
public record Limits(int headBytes, int headers, Duration headTime, int bodyBytesPerSecond, Duration bodyWindow,
        Duration idleTime,
        int connections, int connectionsPerAddress, int drainBytes, Duration lingerTime, int workers, int workerQueue,
        int hashedBodyBytes) {
    public static final Limits DEFAULT = new Limits(64 << 10, 100, Duration.ofSeconds(15), 240, Duration.ofSeconds(20),
            Duration.ofSeconds(75), 16_384, 8_192, 1 << 20, Duration.ofSeconds(10), 32, 1_024, 16 << 20);

    public Limits {
        if (headBytes < 256 || headers < 1 || connections < 1 || connectionsPerAddress < 1 || workers < 1 || workerQueue < 1)
            throw new IllegalArgumentException("every bound needs room for one request");
    }

    /// The same with other times, for tests that cannot wait.
    public Limits withTimes(Duration newHeadTime, Duration newBodyWindow, Duration newIdleTime, Duration newLingerTime) {
        return new Limits(headBytes, headers, newHeadTime, bodyBytesPerSecond, newBodyWindow, newIdleTime, connections,
                connectionsPerAddress, drainBytes, newLingerTime, workers, workerQueue, hashedBodyBytes);
    }

    /// The same with other caps on connections.
    public Limits withConnections(int newConnections, int newConnectionsPerAddress) {
        return new Limits(headBytes, headers, headTime, bodyBytesPerSecond, bodyWindow, idleTime, newConnections,
                newConnectionsPerAddress, drainBytes, lingerTime, workers, workerQueue, hashedBodyBytes);
    }

    /// The same with another pool.
    public Limits withWorkers(int newWorkers, int newWorkerQueue) {
        return new Limits(headBytes, headers, headTime, bodyBytesPerSecond, bodyWindow, idleTime, connections,
                connectionsPerAddress,
                drainBytes, lingerTime, newWorkers, newWorkerQueue, hashedBodyBytes);
    }

    /// How often deadlines are looked at: often enough that none is missed by more than a quarter, and never more than every 5 ms.
    Duration sweep() {
        var shortest = headTime.compareTo(bodyWindow) < 0 ? headTime : bodyWindow;
        if (idleTime.compareTo(shortest) < 0)
            shortest = idleTime;
        if (lingerTime.compareTo(shortest) < 0)
            shortest = lingerTime;
        return Duration.ofMillis(Math.clamp(shortest.toMillis() / 4, 5, 1000));
    }
}
