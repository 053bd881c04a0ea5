package io.cairn.server.config;

import java.util.Locale;
import java.util.Optional;

/// Everything that can be set. One name serves all sources: `log-file` in `cairn.toml` (or `file` under `[log]`),
/// `CAIRN_LOG_FILE` in the environment, `--log-file` on the command line.
public enum Setting {
    /// The data directory; its default stands beside `bin/`.
    DATA("cairn-data", Kind.PATH),
    /// The address to listen on; off loopback needs TLS or [#INSECURE_LISTEN].
    HOST("127.0.0.1", Kind.TEXT),
    /// Added to every port, or `auto` for free ones.
    PORT_OFFSET("0", Kind.PORT_OFFSET),
    /// Comma-separated faces; empty for all that exist.
    ONLY("", Kind.FACES),
    /// A file of further users, `access secret id name` a line.
    USERS("", Kind.PATH),
    /// Allows plain connections off loopback.
    INSECURE_LISTEN("false", Kind.FLAG),
    /// The level of the log.
    LOG("info", Kind.LEVEL),
    /// Where the log goes instead of stderr.
    LOG_FILE("", Kind.PATH),
    /// `text` or `json`.
    LOG_FORMAT("text", Kind.LOG_FORMAT),
    /// The region in answers; any region is accepted in a signature.
    REGION("us-east-1", Kind.TEXT),
    /// The account in ARNs, twelve digits.
    ACCOUNT("000000000000", Kind.ACCOUNT),
    /// Comma-separated further domains whose subdomains name buckets.
    S3_DOMAIN("", Kind.TEXT),
    /// Uploads are refused while less than this is free on the data's disk, so that the log never meets a full one. It leaves room
    /// for what waits for the log (64 MiB), unflushed rows (64 MiB) and the store's merging of files.
    MIN_FREE("512m", Kind.BYTES),
    /// A directory that every engine's log is archived to, each in a directory of its own; empty: nothing is archived.
    ARCHIVE("", Kind.PATH),
    /// Instants that lie further back than so many days are let go from the archive; 0 keeps all.
    ARCHIVE_KEEP_DAYS("0", Kind.DAYS),
    /// So many days after the last scrub of objects or items the next begins, the first 10 minutes after the start; 0: none.
    SCRUB_DAYS("7", Kind.DAYS),
    /// Volumes are as slow as EBS's of their type and size.
    VOLUME_LIMITS("false", Kind.FLAG);

    /// What a value must look like.
    enum Kind {
        TEXT, PATH, FLAG, PORT_OFFSET, FACES, LEVEL, LOG_FORMAT, ACCOUNT, BYTES, DAYS
    }

    private final String defaultText;
    final Kind kind;

    Setting(String defaultText, Kind kind) {
        this.defaultText = defaultText;
        this.kind = kind;
    }

    /// The name in `cairn.toml`, and, behind `--`, that of the option.
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String variable() {
        return "CAIRN_" + name();
    }

    public String option() {
        return "--" + key();
    }

    public String defaultText() {
        return defaultText;
    }

    static Optional<Setting> ofKey(String key) {
        for (var setting : values())
            if (setting.key().equals(key))
                return Optional.of(setting);
        return Optional.empty();
    }
}
