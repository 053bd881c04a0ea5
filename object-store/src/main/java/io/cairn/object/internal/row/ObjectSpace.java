package io.cairn.object.internal.row;

import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.Space;
import java.util.List;

/// The spaces of the object store. Written into every batch: only ever added to, at the end.
public enum ObjectSpace implements Space {
    /// Newest version of each key: [ObjectKeys#current] -> [ObjectRow].
    CURRENT,
    /// Superseded versions and all delete markers: [ObjectKeys#version] -> [ObjectRow].
    VERSIONS,
    /// Bucket name -> [BucketRow]; and a one-byte key 0 -> u32 the next bucket's id.
    BUCKETS,
    /// Unfinished multipart uploads: [ObjectKeys#upload] -> [UploadRow].
    UPLOADS,
    /// Parts, of unfinished uploads and of the objects made of them: [ObjectKeys#part] -> [PartRow].
    PARTS,
    /// Key of an object whose null version is a superseded one, or a marker -> u64 that version's stamp.
    NULL_VERSIONS,
    /// Contents that more than one row names: [ObjectKeys#shared] -> varint how many rows.
    SHARED,
    /// Bucket u32 | name -> a face's document; and, under the one-byte name 0, u8 the bucket's versioning.
    SETTINGS;

    /// Group `number` of an object store.
    public static Group group(int number) {
        return new Group(Engine.OBJECTS, number, List.of(values()));
    }
}
