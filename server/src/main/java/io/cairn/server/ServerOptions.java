package io.cairn.server;

import io.cairn.server.http.Limits;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a server is to run.
///
/// @param host name or address to bind
/// @param portOffset added to each default port; empty: any free ports (`auto`)
/// @param only services to start; empty: all
/// @param usersFile static users, or null
/// @param insecureListen allows plain HTTP off loopback
/// @param environment where `CAIRN_ROOT_ACCESS_KEY` and `CAIRN_ROOT_SECRET_KEY` are looked up
public record ServerOptions(Path data, String host, OptionalInt portOffset, Set<String> only, @Nullable Path usersFile,
        boolean insecureListen, Limits limits, Map<String, String> environment) {
    public static final String LOOPBACK = "127.0.0.1";

    public ServerOptions {
        only = Set.copyOf(only);
        environment = Map.copyOf(environment);
        if (portOffset.isPresent() && (portOffset.getAsInt() < 0 || portOffset.getAsInt() > 50_000))
            throw new IllegalArgumentException("port offset must be within 0 and 50000: " + portOffset.getAsInt());
    }

    /// The defaults of `bin/cairn server`.
    public static ServerOptions at(Path data) {
        return new ServerOptions(data, LOOPBACK, OptionalInt.of(0), Set.of(), null, false, Limits.DEFAULT, System.getenv());
    }

    public ServerOptions withPortOffset(OptionalInt newOffset) {
        return new ServerOptions(data, host, newOffset, only, usersFile, insecureListen, limits, environment);
    }

    public ServerOptions withHost(String newHost, boolean newInsecureListen) {
        return new ServerOptions(data, newHost, portOffset, only, usersFile, newInsecureListen, limits, environment);
    }

    public ServerOptions withOnly(Set<String> services) {
        return new ServerOptions(data, host, portOffset, services, usersFile, insecureListen, limits, environment);
    }

    public ServerOptions withUsersFile(@Nullable Path file) {
        return new ServerOptions(data, host, portOffset, only, file, insecureListen, limits, environment);
    }

    public ServerOptions withLimits(Limits newLimits) {
        return new ServerOptions(data, host, portOffset, only, usersFile, insecureListen, newLimits, environment);
    }

    public ServerOptions withEnvironment(Map<String, String> newEnvironment) {
        return new ServerOptions(data, host, portOffset, only, usersFile, insecureListen, limits, newEnvironment);
    }
}
