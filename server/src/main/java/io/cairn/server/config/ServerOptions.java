package io.cairn.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What a server needs to know to start.
///
/// @param data directory, made when it is missing
/// @param host address to listen on
/// @param portOffset added to every port; empty to pick free ports
/// @param only faces to open; empty for all that exist
/// @param users file of further users
/// @param insecureListen allows plain connections off loopback
/// @param region in answers
/// @param account in ARNs, twelve digits
/// @param s3Domains domains whose subdomains name buckets, beside the built-in ones
public record ServerOptions(Path data, String host, OptionalInt portOffset, Set<String> only, Optional<Path> users,
        boolean insecureListen, String region, String account, List<String> s3Domains) {
    public ServerOptions {
        only = Set.copyOf(only);
        s3Domains = List.copyOf(s3Domains);
    }

    public static ServerOptions of(Settings settings) {
        var offset = settings.text(Setting.PORT_OFFSET);
        return new ServerOptions(settings.data(), settings.text(Setting.HOST),
                offset.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(offset)),
                Set.copyOf(settings.words(Setting.ONLY)), settings.path(Setting.USERS), settings.flag(Setting.INSECURE_LISTEN),
                settings.text(Setting.REGION), settings.text(Setting.ACCOUNT), settings.words(Setting.S3_DOMAIN));
    }
}
