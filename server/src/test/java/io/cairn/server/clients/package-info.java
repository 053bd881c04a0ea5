/// Stock S3 clients, each the real binary as a process of its own, against a running server. Tag `clients`: where a binary is
/// missing its tests print `not run: needs X` and are skipped, unless `CAIRN_REQUIRE_CLIENTS=1`, which makes them fail.
@org.jspecify.annotations.NullMarked
package io.cairn.server.clients;
