package io.cairn.bench.volumes;

import io.cairn.bench.match.Load;
import io.cairn.bench.match.Load.Worker;
import io.cairn.bench.match.Work;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Goal;
import io.cairn.bench.score.Unit;
import java.time.Duration;
import java.util.List;

/// Connections made, shaken hands over and left again.
final class ConnectScenario extends VolumeScenario {
    private static final int THREADS = 4;

    ConnectScenario(List<Goal> goals, Setting setting) {
        super("connect", "Connects", Unit.OPERATIONS, goals, setting);
    }

    @Override
    public String method() {
        return THREADS
                + " threads of the harness, each over and over: TCP connect, fixed newstyle handshake, NBD_OPT_GO, NBD_CMD_DISC, close; the export must have the volume's size; qemu-nbd sends its answer in pieces and waits for the client's delayed acknowledgement (40 ms) between them";
    }

    @Override
    public Work run(VolumeServer server, Duration time) throws Exception {
        Worker worker = index -> {
            try (var connection = new NbdConnection(server.port(), VolumeServer.EXPORT)) {
                if (connection.sizeBytes() != setting.bytes())
                    throw new WrongAnswerException("an export of " + connection.sizeBytes() + " bytes, not " + setting.bytes());
                connection.disconnect();
            }
            return 1;
        };
        var tally = Load.during(time, server, THREADS, _ -> worker);
        return tally.work(tally.operationsPerSecond());
    }
}
