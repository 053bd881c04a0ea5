package io.cairn.server.dynamodb.wire;

import java.util.List;

/// One operation of the service.
///
/// @param target what `X-Amz-Target` says for it: `DynamoDB_20120810.PutItem`
/// @param name `PutItem`
/// @param errors the model's names of what it can be refused with, beside what any request can
public record Operation(String target, String name, StructureShape input, List<String> errors) {}
