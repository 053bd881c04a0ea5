package io.cairn.bench.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Ports of the loopback address that nobody holds at the moment.
public final class FreePorts {
    private static final int FIRST = 20_000; // below those that the kernel gives away by itself
    private static final int LAST = 30_000;
    private static int next = FIRST + (int) (ProcessHandle.current().pid() % 5_000);

    private FreePorts() {}

    /// The first of `count` free ports in a row.
    public static synchronized int inARow(int count) throws IOException {
        for (int first = next; first + count < LAST; first++) {
            int port = first;
            while (port < first + count && free(port))
                port++;
            if (port == first + count) {
                next = port;
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row below " + LAST);
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // taken
        }
    }
}
