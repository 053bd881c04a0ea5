package io.cairn.object.internal.engine;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumType;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Part;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.Reason;
import io.cairn.object.StoredObject;
import io.cairn.object.Upload;
import io.cairn.object.internal.checksum.Crc;
import io.cairn.object.internal.checksum.Digester;
import io.cairn.object.internal.checksum.PartDigests;
import io.cairn.object.internal.content.ContentWriter;
import io.cairn.object.internal.content.Received;
import io.cairn.object.internal.engine.Shared.Change;
import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectRow;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.object.internal.row.Stamps;
import io.cairn.object.internal.row.UploadRow;
import io.cairn.replication.Batch;
import io.cairn.replication.Batch.Slot;
import io.cairn.replication.OrderedBytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One multipart upload. Its parts are rows with extents of their own; completing it writes one row that names the upload, and the
/// parts stay where they are. Parts, completion and abort take the upload's latch.
record LogMultipart(LogBucket bucket, String key, long number, UploadRow row) implements MultipartUpload {
    /// 48.8 TiB: 10,000 parts of 5 GiB.
    private static final long MAX_OBJECT_BYTES = MAX_PARTS * MAX_PART_BYTES;

    @Override
    public String id() {
        return new UploadId(number, row.secret()).text();
    }

    @Override
    public Instant initiated() {
        return Stamps.time(number);
    }

    @Override
    public PutOptions options() {
        return row.options();
    }

    private byte[] uploadKey() {
        return ObjectKeys.upload(bucket.id(), LogBucket.keyBytes(key), number);
    }

    private byte[] currentKey() {
        return ObjectKeys.current(bucket.id(), LogBucket.keyBytes(key));
    }

    private void requireUnfinished() {
        if (bucket.shared().store().get(ObjectSpace.UPLOADS, uploadKey()) == null)
            throw noSuchUpload();
    }

    private ObjectRefusedException noSuchUpload() {
        return new ObjectRefusedException(Reason.NO_SUCH_UPLOAD, "no upload %s of %s".formatted(id(), key));
    }

    @Override
    public Upload<Part> part(int partNumber) {
        if (partNumber < 1 || partNumber > MAX_PARTS)
            throw new ObjectRefusedException(Reason.INVALID_ARGUMENT,
                    "part number %d is not between 1 and %d".formatted(partNumber, MAX_PARTS));
        bucket.requireThere();
        requireUnfinished();
        return new LogUpload<>(new ContentWriter(bucket.shared().log(), options().checksum()),
                received -> keep(partNumber, received));
    }

    private CompletableFuture<Part> keep(int partNumber, Received received) {
        return bucket.discardOnFailure(received, bucket.change(new byte[][]{uploadKey()}, () -> {
            requireUnfinished();
            var batch = new Batch(256);
            return keep(batch, partNumber, new PartRow(0, received.sizeBytes(), received.md5(), received.checksum(),
                    received.place(bucket.shared().log(), batch)));
        }));
    }

    /// Under the upload's latch. It replaces an earlier part of that number.
    private Change<Part> keep(Batch batch, int partNumber, PartRow part) {
        var partKey = ObjectKeys.part(number, partNumber);
        var old = bucket.shared().store().get(ObjectSpace.PARTS, partKey);
        batch.put(ObjectSpace.PARTS, partKey, part.encode(), Slot.inValue(PartRow.STAMP_AT));
        if (old != null)
            bucket.shared().references().release(batch, PartRow.decode(old).content());
        return new Change<>(batch, stamp -> part.withStamp(stamp).part(partNumber));
    }

    @Override
    public CompletableFuture<Part> copyPart(int partNumber, StoredObject source, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, source.info().sizeBytes());
        var upload = part(partNumber);
        boolean whole = length == source.info().sizeBytes() && source.info().partCount() == 0;
        var origin = whole ? Copies.origin(bucket.shared(), source, options().checksum(), options().checksumType()) : null;
        if (origin == null)
            return source.writeTo(upload, offset, length);
        upload.close();
        return bucket.change(new byte[][]{uploadKey(), origin.key()}, () -> {
            requireUnfinished();
            var from = Copies.standing(bucket.shared(), origin);
            var batch = new Batch();
            bucket.shared().references().share(batch, from.content());
            // A part of an upload without a checksum has none, whatever its source has.
            var checksum = options().checksum() == null ? null : from.checksum();
            return keep(batch, partNumber, new PartRow(0, from.sizeBytes(), from.md5(), checksum, from.content()));
        });
    }

    @Override
    public List<Part> parts(int afterNumber, int max) {
        bucket.requireThere();
        requireUnfinished();
        var parts = new ArrayList<Part>();
        try (var rows = bucket.shared().store().scan(ObjectSpace.PARTS, ObjectKeys.parts(number))) {
            for (rows.seek(ObjectKeys.part(number, afterNumber + 1)); rows.valid() && parts.size() < max; rows.next())
                parts.add(PartRow.decode(rows.value()).part(OrderedBytes.u32(rows.key(), 8)));
        }
        return parts;
    }

    @Override
    public CompletableFuture<ObjectInfo> complete(List<CompletedPart> named, Expected expected, PutCondition condition) {
        return bucket.change(new byte[][]{uploadKey(), currentKey()}, () -> completion(named, expected, condition));
    }

    private Change<ObjectInfo> completion(List<CompletedPart> named, Expected expected, PutCondition condition) {
        var old = bucket.row(currentKey());
        if (old != null && old.madeBy(number))
            return new Change<>(new Batch(), _ -> old.info(key));
        requireUnfinished();
        var chosen = chosen(named);
        long size = 0;
        for (var part : chosen.values())
            size += part.sizeBytes();
        if (size > MAX_OBJECT_BYTES)
            throw new ObjectRefusedException(Reason.ENTITY_TOO_LARGE,
                    "the parts have %d bytes, at most %d are kept".formatted(size, MAX_OBJECT_BYTES));
        if (expected.bytes() >= 0 && expected.bytes() != size)
            throw new ObjectRefusedException(Reason.INCOMPLETE_BODY,
                    "%d bytes were announced, the parts have %d".formatted(expected.bytes(), size));
        var checksum = checksum(List.copyOf(chosen.values()));
        if (expected.checksum() != null && (checksum == null || !Arrays.equals(expected.checksum(), checksum.value())))
            throw new ObjectRefusedException(Reason.BAD_CHECKSUM,
                    "the checksum that was sent is not the object's, %s".formatted(checksum));
        var batch = new Batch();
        var chain = new VersionChain(bucket.shared(), bucket.versioning(), batch, currentKey());
        LogBucket.requireCondition(key, chain.newest(), condition);
        var row = new ObjectRow(0, chain.newSecret(), false, options().tags(), size, md5(chosen), chosen.size(), checksum,
                options().metadata(), new Content.Parts(number));
        chain.put(row);
        batch.delete(ObjectSpace.UPLOADS, uploadKey());
        bucket.shared().references().releaseParts(batch, number, chosen.keySet());
        return new Change<>(batch, stamp -> row.withStamp(stamp).info(key));
    }

    private Map<Integer, PartRow> chosen(List<CompletedPart> named) {
        if (named.isEmpty())
            throw new ObjectRefusedException(Reason.INVALID_PART, "no part is named");
        var stored = new HashMap<Integer, PartRow>();
        try (var rows = bucket.shared().store().scan(ObjectSpace.PARTS, ObjectKeys.parts(number))) {
            for (rows.seekToFirst(); rows.valid(); rows.next())
                stored.put(OrderedBytes.u32(rows.key(), 8), PartRow.decode(rows.value()));
        }
        var chosen = new LinkedHashMap<Integer, PartRow>();
        int before = 0;
        for (var name : named) {
            if (name.number() <= before)
                throw new ObjectRefusedException(Reason.INVALID_PART_ORDER,
                        "part %d stands after part %d".formatted(name.number(), before));
            before = name.number();
            var part = stored.get(name.number());
            if (part == null || !PartDigests.etag(part.md5()).equals(name.etag()) || !agrees(part, name))
                throw new ObjectRefusedException(Reason.INVALID_PART,
                        "no part %d of that ETag and checksum was committed".formatted(name.number()));
            chosen.put(name.number(), part);
        }
        requireSizes(named, chosen);
        return chosen;
    }

    private void requireSizes(List<CompletedPart> named, Map<Integer, PartRow> chosen) {
        for (var name : named.subList(0, named.size() - 1)) {
            var part = chosen.get(name.number());
            if (part != null && part.sizeBytes() < bucket.shared().minPartBytes())
                throw new ObjectRefusedException(Reason.ENTITY_TOO_SMALL, "part %d has %d bytes; all but the last need %d"
                        .formatted(name.number(), part.sizeBytes(), bucket.shared().minPartBytes()));
        }
    }

    private static boolean agrees(PartRow part, CompletedPart name) {
        return name.checksum() == null || part.checksum() != null && Arrays.equals(part.checksum().value(), name.checksum());
    }

    /// MD5 of the parts' MD5s, of which the ETag is made.
    private static byte[] md5(Map<Integer, PartRow> chosen) {
        var digester = Digester.md5();
        for (var part : chosen.values())
            digester.update(ByteBuffer.wrap(part.md5()));
        return digester.value();
    }

    private @Nullable Checksum checksum(List<PartRow> chosen) {
        var algorithm = options().checksum();
        if (algorithm == null)
            return null;
        var values = new ArrayList<byte[]>(chosen.size());
        for (var part : chosen) {
            if (part.checksum() == null)
                throw new IllegalStateException("a part of an upload with checksums has none");
            values.add(part.checksum().value());
        }
        if (options().checksumType() == ChecksumType.COMPOSITE)
            return new Checksum(algorithm, ChecksumType.COMPOSITE, PartDigests.composite(algorithm, values), chosen.size());
        var whole = values.getFirst();
        for (int i = 1; i < chosen.size(); i++)
            whole = Crc.combine(algorithm, whole, values.get(i), chosen.get(i).sizeBytes());
        return new Checksum(algorithm, ChecksumType.FULL_OBJECT, whole, 0);
    }

    @Override
    public CompletableFuture<@Nullable Void> abort() {
        return bucket.change(new byte[][]{uploadKey()}, () -> {
            requireUnfinished();
            var batch = new Batch().delete(ObjectSpace.UPLOADS, uploadKey());
            bucket.shared().references().releaseParts(batch, number, Set.of());
            return new Change<>(batch, _ -> true);
        }).<@Nullable Void>thenApply(_ -> null);
    }
}
