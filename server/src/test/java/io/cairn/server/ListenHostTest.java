package io.cairn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What clients are told of a host that is listened on.
class ListenHostTest {
    private static final List<String> MACHINE = List.of("fd00::2", "10.1.2.3", "172.17.0.1");

    private static List<InetAddress> addresses(List<String> texts) throws IOException {
        var addresses = new ArrayList<InetAddress>();
        for (var text : texts)
            addresses.add(InetAddress.getByName(text));
        return addresses;
    }

    @Test
    void aWildcardIsToldByTheFirstAddressThatOthersReach() throws IOException {
        assertEquals(new ListenHost("10.1.2.3", List.of("10.1.2.3", "172.17.0.1", "web-1.example")),
                ListenHost.ofWildcard(true, addresses(MACHINE), "web-1.example"));
        assertEquals(new ListenHost("10.1.2.3", List.of("10.1.2.3", "172.17.0.1", "fd00:0:0:0:0:0:0:2")),
                ListenHost.ofWildcard(false, addresses(MACHINE), ""));
        assertEquals("fd00:0:0:0:0:0:0:2", ListenHost.ofWildcard(false, addresses(List.of("fd00::2")), "").reached());
    }

    @Test
    void aMachineAloneIsReachedByItsLoopback() throws IOException {
        assertEquals(new ListenHost("127.0.0.1", List.of("web-1")), ListenHost.ofWildcard(true, List.of(), "web-1"));
        assertEquals("127.0.0.1", ListenHost.ofWildcard(true, addresses(List.of("fd00::2")), "").reached());
        for (var wildcard : List.of("0.0.0.0", "::"))
            assertEquals(false, InetAddress.getByName(ListenHost.of(wildcard).reached()).isAnyLocalAddress());
    }

    @Test
    void anyOtherHostIsItself() throws IOException {
        assertEquals(new ListenHost("127.0.0.1", List.of("127.0.0.1")), ListenHost.of("127.0.0.1"));
        assertEquals(new ListenHost("localhost", List.of("localhost")), ListenHost.of("localhost"));
    }
}
