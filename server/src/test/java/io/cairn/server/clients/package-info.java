/// The server's own process as its clients have it: stock S3 clients, each the real binary as a process of its own, and the AWS SDK
/// against a server that is killed, whose disk fails, or that is asked for more than its memory holds. Tag `clients`: where a binary is
/// missing its tests print `not run: needs X` and are skipped, unless `CAIRN_REQUIRE_CLIENTS=1`, which makes them fail.
@org.jspecify.annotations.NullMarked
package io.cairn.server.clients;
