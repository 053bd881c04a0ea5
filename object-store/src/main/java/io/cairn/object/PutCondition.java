package io.cairn.object;

/// When a write may replace what is there. Decided under the key's latch, so that one of several writers wins.
public sealed interface PutCondition {
    PutCondition ALWAYS = new Always();
    PutCondition IF_ABSENT = new IfAbsent();

    record Always() implements PutCondition {}

    /// Only when the key has no object ("If-None-Match: *").
    record IfAbsent() implements PutCondition {}

    /// Only when the object there has this ETag, without quotes, or any when it is `*`. [Reason#NO_SUCH_KEY] when there is none.
    record IfMatch(String etag) implements PutCondition {}
}
