package io.cairn.kv;

/// Takes values one after another, outermost first: how items are read ([Item#writeTo]) and built ([ItemWriter]) without an object per
/// value. Within a map, [#name] comes before each value. Arrays belong to the caller and may change after the call.
public interface ValueSink {
    /// Name of the map's next value.
    void name(byte[] utf8, int from, int length);

    void string(byte[] utf8, int from, int length);

    /// The [Decimal] that begins at `from`.
    void number(byte[] decimal, int from);

    void binary(byte[] bytes, int from, int length);

    void bool(boolean value);

    /// The value NULL.
    void nothing();

    /// Members of the type's kind follow, then [#end].
    ///
    /// @param type SS, NS or BS
    void beginSet(ValueType type);

    void beginList();

    void beginMap();

    /// Ends the innermost set, list or map.
    void end();
}
