package io.cairn.object.internal.row;

import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.Space;
import java.util.List;

/// The spaces of the object store. Written into every batch: only ever added to, at the end.
public enum ObjectSpace implements Space {
    /// Newest version of each key: [ObjectKeys#current] -> [ObjectRow].
    CURRENT,
    /// Superseded versions and delete markers: the same key, then the complement of the stamp. Empty until versioning exists.
    VERSIONS,
    /// Bucket name -> [BucketRow]; and a one-byte key 0 -> u32 the next bucket's id.
    BUCKETS,
    /// Unfinished multipart uploads: [ObjectKeys#upload] -> [UploadRow].
    UPLOADS,
    /// Parts, of unfinished uploads and of the objects made of them: [ObjectKeys#part] -> [PartRow].
    PARTS;

    /// Group `number` of an object store.
    public static Group group(int number) {
        return new Group(Engine.OBJECTS, number, List.of(values()));
    }
}
