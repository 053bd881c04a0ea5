package io.cairn.kv;

/// Why a request was refused. Each is the caller's to mend, or to try again where it says so.
public enum Reason {
    /// The request can never be carried out as it is.
    VALIDATION,
    /// No such table, index or stream.
    NOT_FOUND,
    /// The table exists already, or is being changed.
    IN_USE,
    /// More tables, indexes or changes at once than are allowed.
    LIMIT_EXCEEDED, CONDITION_FAILED,
    /// The idempotency token was used with another request.
    TOKEN_MISMATCH,
    /// One or more of a transaction's writes stand in the way: [KvRefusedException#cancellations].
    TRANSACTION_CANCELED,
    /// The iterator is older than it may be.
    EXPIRED,
    /// Too much is under way; nothing was done; try again later.
    OVERLOADED
}
