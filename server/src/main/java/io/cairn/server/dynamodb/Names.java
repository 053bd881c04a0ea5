package io.cairn.server.dynamodb;

/// How requests name tables and streams.
final class Names {
    private static final String TABLE = ":table/";
    private static final String STREAM = "/stream/";

    private Names() {}

    /// Of `Music` or `arn:aws:dynamodb:us-east-1:000000000000:table/Music`, perhaps with `/index/...` or `/stream/...` behind.
    static String table(String nameOrArn) {
        int at = nameOrArn.indexOf(TABLE);
        if (!nameOrArn.startsWith("arn:") || at < 0)
            return nameOrArn;
        var name = nameOrArn.substring(at + TABLE.length());
        int end = name.indexOf('/');
        return end < 0 ? name : name.substring(0, end);
    }

    /// The label in a stream's ARN; empty for none.
    static String streamLabel(String arn) {
        int at = arn.indexOf(STREAM);
        return at < 0 ? "" : arn.substring(at + STREAM.length());
    }
}
