package io.cairn.server.dynamodb.difference;

/// Two servers, or parts of them, that nobody else changes meanwhile.
record Lane(Subject cairn, Subject local) {}
