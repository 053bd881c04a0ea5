package io.cairn.block;

/// Why something was refused.
public enum Reason {
    /// No such volume or snapshot, or none any more.
    NOT_FOUND,
    /// A value is out of range.
    INVALID,
    /// A volume of this type cannot do that.
    UNSUPPORTED,
    /// More requests than may wait for a volume's limits. The same may succeed later.
    OVERLOADED,
    /// An encrypted volume or snapshot, and the store was opened without keys, with those of another master key, or cannot have them now. Nothing is lost.
    KEY_UNAVAILABLE
}
