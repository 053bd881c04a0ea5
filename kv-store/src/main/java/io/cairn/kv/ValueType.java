package io.cairn.kv;

/// What a value is (DynamoDB developer guide, "Data types"). Names are those of the wire.
public enum ValueType {
    /// Text.
    S,
    /// A decimal of at most 38 digits: [Decimal].
    N,
    /// Bytes.
    B, BOOL,
    /// The value that says that there is none.
    NULL,
    /// A set of texts.
    SS,
    /// A set of numbers.
    NS,
    /// A set of bytes.
    BS,
    /// A list of values.
    L,
    /// A map of names to values.
    M;

    public boolean isSet() {
        return switch (this) {
            case SS, NS, BS -> true;
            case S, N, B, BOOL, NULL, L, M -> false;
        };
    }

    /// Whether a key, or an index's key, can be of this type.
    public boolean isKey() {
        return switch (this) {
            case S, N, B -> true;
            case BOOL, NULL, SS, NS, BS, L, M -> false;
        };
    }
}
