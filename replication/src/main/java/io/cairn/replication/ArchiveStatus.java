package io.cairn.replication;

import java.util.Optional;

/// How far a log is archived.
///
/// @param timeline of the archive that is written; 0 before the archive has answered
/// @param index the newest entry that can be restored; 0 before the first base checkpoint stands
/// @param stamp up to which can be restored, in microseconds since 1970: of that entry, or later when nothing was changed since
/// @param behindIndex how many applied entries are not archived
/// @param lagMicros how far the newest applied entry's stamp lies ahead of the newest archived one's; 0 when all is archived
/// @param bytes put into the archive since the log was opened
/// @param failure why the last attempt failed; it is repeated
/// @param gaps how often a timeline was given up since the log was opened
public record ArchiveStatus(long timeline, long index, long stamp, long behindIndex, long lagMicros, long bytes,
        Optional<String> failure, int gaps) {}
