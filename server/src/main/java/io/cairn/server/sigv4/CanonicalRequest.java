package io.cairn.server.sigv4;

import io.netty.handler.codec.http.HttpHeaders;

/// What is signed, in its one form ("Create a canonical request"):
///
///     METHOD \n path \n query \n name:value \n ... \n signed;header;names \n payload hash
final class CanonicalRequest {
    private CanonicalRequest() {}

    static void write(Scratch out, String method, String rawPath, String rawQuery, HttpHeaders headers, Claim claim,
            String payloadHash) {
        out.put(method).put('\n');
        if (claim.service().equals("s3"))
            UriEncoding.writeOnce(rawPath, out);
        else
            UriEncoding.writeNormalizedTwice(rawPath, out);
        out.put('\n');
        if (!rawQuery.isEmpty())
            Query.parse(rawQuery).write(out, claim.presigned() ? "X-Amz-Signature" : null);
        out.put('\n');
        writeHeaders(out, headers, claim.signedHeaders());
        out.put('\n').put(claim.signedHeaders()).put('\n').put(payloadHash);
    }

    private static void writeHeaders(Scratch out, HttpHeaders headers, String signedHeaders) {
        int from = 0;
        while (from <= signedHeaders.length()) {
            int to = signedHeaders.indexOf(';', from);
            if (to < 0)
                to = signedHeaders.length();
            var name = signedHeaders.substring(from, to);
            out.put(name).put(':');
            writeValues(out, headers, name);
            out.put('\n');
            from = to + 1;
        }
    }

    /// All values of a header in the order in which they came.
    private static void writeValues(Scratch out, HttpHeaders headers, String name) {
        var values = headers.valueStringIterator(name);
        if (!values.hasNext())
            return;
        var first = values.next();
        if (!values.hasNext()) {
            writeTrimmed(out, first);
            return;
        }
        // The iterator goes backwards; the list, which costs more, does not.
        boolean comma = false;
        for (var value : headers.getAll(name)) {
            if (comma)
                out.put(',');
            comma = true;
            writeTrimmed(out, value);
        }
    }

    /// Blanks at both ends fall away, runs of blanks become one.
    private static void writeTrimmed(Scratch out, String value) {
        boolean gap = false;
        boolean begun = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t') {
                gap = begun;
                continue;
            }
            if (gap)
                out.put(' ');
            gap = false;
            begun = true;
            out.put(c);
        }
    }

    static void writeStringToSign(Scratch out, Claim claim, byte[] canonicalRequestHash) {
        out.put(ClaimParser.ALGORITHM).put('\n').put(claim.signed().text()).put('\n').put(claim.scope()).put('\n')
                .putHex(canonicalRequestHash);
    }
}
