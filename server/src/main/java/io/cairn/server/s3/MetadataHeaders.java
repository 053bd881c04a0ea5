package io.cairn.server.s3;

import io.cairn.object.ObjectMetadata;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.Map;

/// An object's metadata as request and answer headers carry it, and the headers that ask for what this store does not do.
final class MetadataHeaders {
    static final String DEFAULT_TYPE = "binary/octet-stream";
    /// Where a website sends whoever asks for the object; kept and told, for there are no websites here.
    static final String REDIRECT = "x-amz-website-redirect-location";
    private static final int MAX_REDIRECT_BYTES = 2048;
    private static final String USER_PREFIX = "x-amz-meta-";
    private static final String[] STANDARD = {"content-type", "cache-control", "content-disposition", "content-encoding",
            "content-language", "expires"};
    private static final String AWS_CHUNKED = "aws-chunked";

    /// What the head of a PUT, copy or CreateMultipartUpload says. Refuses encryption, locks, other storage classes and
    /// public ACLs, which it would be wrong to ignore.
    static ObjectMetadata read(HttpHeaders headers) {
        Map<String, String> standard = new HashMap<>();
        for (var name : STANDARD) {
            var value = headers.get(name);
            if (value != null)
                standard.put(name, value);
        }
        dropFraming(standard);
        Map<String, String> user = Map.of();
        for (var all = headers.iteratorCharSequence(); all.hasNext();) {
            var header = all.next();
            var name = header.getKey();
            if (name.length() < 6 || (name.charAt(0) | 0x20) != 'x' || name.charAt(1) != '-' || name.charAt(5) != '-')
                continue;
            var lower = AsciiString.of(name).toLowerCase().toString();
            if (lower.startsWith(USER_PREFIX)) {
                if (user.isEmpty())
                    user = new HashMap<>();
                user.merge(lower.substring(USER_PREFIX.length()), EncodedWords.decode(header.getValue().toString()),
                        (one, more) -> one + "," + more);
            } else if (lower.equals(REDIRECT)) {
                standard.put(REDIRECT, redirect(header.getValue().toString()));
            } else {
                refuseUnsupported(lower, header.getValue().toString());
            }
        }
        return standard.isEmpty() && user.isEmpty() ? ObjectMetadata.EMPTY : new ObjectMetadata(standard, user);
    }

    /// Whether a header says something of the object that it comes with.
    static boolean isObjectHeader(String lowerName) {
        return lowerName.startsWith(USER_PREFIX) || lowerName.equals(REDIRECT)
                || lowerName.startsWith(ChecksumNames.HEADER_PREFIX)
                || lowerName.equals("x-amz-storage-class") || lowerName.startsWith("x-amz-server-side-encryption")
                || lowerName.startsWith("x-amz-object-lock") || lowerName.startsWith("x-amz-grant-");
    }

    /// `aws-chunked` names the framing of the request, which is gone by now, not the object's own coding.
    private static void dropFraming(Map<String, String> standard) {
        var coding = standard.get("content-encoding");
        if (coding == null || !coding.contains(AWS_CHUNKED))
            return;
        var kept = new StringBuilder();
        for (int from = 0; from < coding.length();) {
            int comma = coding.indexOf(',', from);
            int end = comma < 0 ? coding.length() : comma;
            var token = coding.substring(from, end).strip();
            if (!token.isEmpty() && !token.equals(AWS_CHUNKED))
                kept.append(kept.isEmpty() ? "" : ",").append(token);
            from = end + 1;
        }
        if (kept.isEmpty())
            standard.remove("content-encoding");
        else
            standard.put("content-encoding", kept.toString());
    }

    /// Amazon S3 user guide, "(Optional) Configuring a webpage redirect".
    private static String redirect(String location) {
        if (!location.startsWith("/") && !location.startsWith("http://") && !location.startsWith("https://"))
            throw new RefusedException(400, "InvalidRedirectLocation",
                    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.");
        if (location.length() > MAX_REDIRECT_BYTES)
            throw new RefusedException(400, "InvalidRedirectLocation",
                    "The length of website redirect location cannot exceed " + MAX_REDIRECT_BYTES + " characters.");
        return location;
    }

    /// The metadata of a copy that keeps its source's. The redirect alone is each object's own: that of the request counts.
    static ObjectMetadata copied(ObjectMetadata source, ObjectMetadata given) {
        var redirect = given.headers().get(REDIRECT);
        if (redirect == null && !source.headers().containsKey(REDIRECT))
            return source;
        var headers = new HashMap<>(source.headers());
        headers.remove(REDIRECT);
        if (redirect != null)
            headers.put(REDIRECT, redirect);
        return new ObjectMetadata(headers, source.user());
    }

    private static void refuseUnsupported(String name, String value) {
        if (name.startsWith("x-amz-server-side-encryption") || name.startsWith("x-amz-copy-source-server-side-encryption")
                || name.startsWith("x-amz-object-lock")
                || name.equals("x-amz-write-offset-bytes"))
            throw Refusals.notImplemented(name);
        if (name.equals("x-amz-storage-class") && !value.equals("STANDARD"))
            throw new RefusedException(new Refusal(400, "InvalidStorageClass", "The storage class you specified is not valid",
                    Map.of("StorageClassRequested", value, "Detail", "objects here are STANDARD")));
        refuseAcl(name, value);
    }

    /// Buckets belong to those who made them and ACLs are off, as in every bucket made since April 2023 (Amazon S3 user guide,
    /// "Controlling ownership of objects"); what an owner has anyway may be said.
    static void refuseAcl(String name, String value) {
        boolean acl = name.equals("x-amz-acl") && !value.equals("private") && !value.equals("bucket-owner-full-control")
                && !value.equals("bucket-owner-read");
        if (acl || name.startsWith("x-amz-grant-"))
            throw new RefusedException(new Refusal(400, "AccessControlListNotSupported", "The bucket does not allow ACLs",
                    Map.of("Detail", name)));
    }

    /// Puts metadata into the head of an answer.
    static void write(ObjectMetadata metadata, HttpHeaders headers) {
        if (!metadata.headers().containsKey("content-type"))
            headers.set("Content-Type", DEFAULT_TYPE);
        metadata.headers().forEach(headers::set);
        metadata.user().forEach((name, value) -> headers.set(USER_PREFIX + name, EncodedWords.encode(value)));
    }

    private MetadataHeaders() {}
}
