package io.cairn.server.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.block.Snapshot;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a CreateVolume asks for, where it says nothing with what is usual.
///
/// @param bytes null for as many as its snapshot has
/// @param attributes kept with it: among them the snapshot's id
record NewVolume(@Nullable Long bytes, VolumeType type, SortedMap<String, String> tags, SortedMap<String, String> attributes,
        boolean encrypted) {
    private static final int DIGEST_BYTES = 16;

    /// @param from null for a blank one
    VolumeDefinition definition(@Nullable Snapshot from) {
        return new VolumeDefinition(bytes != null ? bytes : from == null ? 0 : from.sizeBytes(), type, tags, attributes,
                encrypted);
    }

    /// The same, and more is kept with it.
    NewVolume with(Map<String, String> more) {
        var all = new TreeMap<>(attributes);
        all.putAll(more);
        return new NewVolume(bytes, type, tags, all, encrypted);
    }

    /// Of all that is asked for: the first half of a SHA-256, in hexadecimal. It is stored with volumes, so it stays as it is: over every text with its length
    /// in UTF-16 units and a colon before it, each map with its size before it.
    String digest() {
        var text = new StringBuilder();
        put(text, String.valueOf(bytes));
        put(text, Volumes.nameOf(type));
        put(text, Boolean.toString(encrypted));
        put(text, tags);
        put(text, attributes);
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void put(StringBuilder into, SortedMap<String, String> map) {
        put(into, Integer.toString(map.size()));
        map.forEach((key, value) -> {
            put(into, key);
            put(into, value);
        });
    }

    private static void put(StringBuilder into, String text) {
        into.append(text.length()).append(':').append(text);
    }

    /// Whether that is the digest of this, which a volume has had since it was made.
    boolean hasDigest(@Nullable String stored) {
        boolean isFormer = stored != null && stored.length() < 2 * DIGEST_BYTES;
        return (isFormer ? formerDigest() : digest()).equals(stored);
    }

    /// As volumes have it that were made before there was [#digest]: a hash code in decimal, which other parameters may share.
    private String formerDigest() {
        return Integer.toString(List.of(String.valueOf(bytes), Volumes.nameOf(type), tags.toString(), attributes.toString(),
                Boolean.toString(encrypted)).hashCode());
    }
}
