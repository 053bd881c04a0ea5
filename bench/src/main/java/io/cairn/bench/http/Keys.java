package io.cairn.bench.http;

/// What requests are signed with.
public record Keys(String access, String secret) {}
