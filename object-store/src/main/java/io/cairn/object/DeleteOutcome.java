package io.cairn.object;

/// What became of one [Deletion].
public sealed interface DeleteOutcome {
    /// Carried out.
    ///
    /// @param existed whether there was what was asked to go: the newest object, or the version; none is no error
    /// @param markerId id of the delete marker that was written, or, when a version was named and was one, that was removed; else empty
    record Deleted(Deletion deletion, boolean existed, String markerId) implements DeleteOutcome {}

    /// Not carried out.
    record Refused(Deletion deletion, Reason reason, String message) implements DeleteOutcome {}
}
