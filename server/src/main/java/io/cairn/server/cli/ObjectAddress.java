package io.cairn.server.cli;

import picocli.CommandLine.ExitCode;

/// `BUCKET/KEY` as people type it, with or without `s3://` before it. The key may be empty.
record ObjectAddress(String bucket, String key) {
    static ObjectAddress of(String text) {
        var rest = text.startsWith("s3://") ? text.substring(5) : text;
        int slash = rest.indexOf('/');
        var address = slash < 0
                ? new ObjectAddress(rest, "")
                : new ObjectAddress(rest.substring(0, slash), rest.substring(slash + 1));
        if (address.bucket.isEmpty())
            throw new CommandException("`" + text + "` names no bucket; an object is BUCKET/KEY", ExitCode.USAGE);
        return address;
    }

    static ObjectAddress ofObject(String text) {
        var address = of(text);
        if (address.key.isEmpty())
            throw new CommandException("`" + text + "` names no object; one is BUCKET/KEY", ExitCode.USAGE);
        return address;
    }
}
