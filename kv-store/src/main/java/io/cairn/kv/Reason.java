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
    /// Another transaction holds one of the items; try again.
    CONFLICT,
    /// More than 10 GB under one partition key of a table with local indexes.
    COLLECTION_TOO_LARGE,
    /// The stream's records up to there are gone.
    TRIMMED,
    /// The iterator is older than it may be.
    EXPIRED,
    /// Too much is under way; nothing was done; try again later.
    OVERLOADED
}
