package io.cairn.bench.objects;

import io.cairn.bench.http.Keys;
import io.cairn.bench.match.Contestant;
import java.io.IOException;
import java.util.Optional;

/// A server that stores objects under `/BUCKET/KEY`.
interface ObjectServer extends Contestant {
    int port();

    /// Keys to sign with; empty for one that asks for none, and that has neither buckets, ETags by MD5 nor listings.
    Optional<Keys> keys();

    /// Brings everything to disk and into its lasting form, which may mean a restart.
    void settle() throws IOException, InterruptedException;

    /// What of its data grows with the number of objects.
    Space space();

    /// @param bytes allocated on disk
    /// @param what of it was counted
    record Space(long bytes, String what) {}
}
