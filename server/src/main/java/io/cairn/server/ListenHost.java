package io.cairn.server;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// A host to listen on, and what clients call it. `0.0.0.0` and `::` mean every address of this machine and are none that a client can
/// ask for: such a server is told by its first address that others reach. Looked up at start; an address that comes later is listened on,
/// but not named in the certificate before the next start.
///
/// @param reached name or address for clients
/// @param names all that clients may call the server, beside the loopback's names
record ListenHost(String reached, List<String> names) {
    private static final String LOOPBACK = "127.0.0.1";

    static ListenHost of(String host) throws IOException {
        var address = InetAddress.getByName(host);
        if (host.isEmpty())
            return new ListenHost(LOOPBACK, List.of());
        return address.isAnyLocalAddress()
                ? ofWildcard(address instanceof Inet4Address, machineAddresses(), machineName())
                : new ListenHost(host, List.of(host));
    }

    /// @param version4 whether only IPv4 is listened on; `::` takes both
    /// @param machine addresses, the preferred ones first
    /// @param name of the machine; empty when it has none that a certificate could hold
    static ListenHost ofWildcard(boolean version4, List<InetAddress> machine, String name) {
        var names = new ArrayList<String>();
        for (var address : machine)
            if (address instanceof Inet4Address)
                names.add(address.getHostAddress());
        for (var address : machine)
            if (!version4 && !(address instanceof Inet4Address))
                names.add(withoutScope(address.getHostAddress()));
        var reached = names.isEmpty() ? LOOPBACK : names.getFirst();
        if (!name.isEmpty())
            names.add(name);
        return new ListenHost(reached, List.copyOf(names));
    }

    /// Those that others can use, in the order of the interfaces: real ones were there before those of containers.
    private static List<InetAddress> machineAddresses() throws SocketException {
        var addresses = new ArrayList<InetAddress>();
        var interfaces = NetworkInterface.networkInterfaces().sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .toList();
        for (var one : interfaces)
            if (one.isUp() && !one.isLoopback())
                one.inetAddresses().filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress()).forEach(addresses::add);
        return addresses;
    }

    private static String machineName() {
        try {
            var name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return name.matches("[a-z0-9.-]*[a-z][a-z0-9.-]*") ? name : "";
        } catch (UnknownHostException e) {
            return ""; // it has a name that leads nowhere
        }
    }

    /// `fd00::2%eth0` is `fd00::2` to everyone else.
    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }
}
