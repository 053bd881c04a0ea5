package io.cairn.server.sigv4;

import static io.cairn.server.sigv4.SignatureRefusedException.malformedHeader;
import static io.cairn.server.sigv4.SignatureRefusedException.malformedQuery;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.DateTimeException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a [Claim] from the `Authorization` header or from the query of a presigned request. Stateless; any thread.
final class ClaimParser {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String VERSION_2_KEY = "AWSAccessKeyId=";
    private static final String TERMINAL = "aws4_request";
    private static final long MAX_EXPIRES_SECONDS = 604_800;
    private static final String MALFORMED_CREDENTIAL = "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";

    private ClaimParser() {}

    /// What is claimed, or null when the request is not signed at all.
    static @Nullable Claim parse(String rawQuery, HttpHeaders headers) {
        var authorization = headers.get("authorization");
        boolean presigned = rawQuery.contains("X-Amz-Algorithm") || rawQuery.contains("X-Amz-Signature");
        if (authorization == null && !presigned && isVersion2(rawQuery))
            throw version2();
        if (authorization == null)
            return presigned ? fromQuery(rawQuery) : null;
        if (presigned)
            throw new SignatureRefusedException(400, "InvalidArgument",
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the "
                            + "Authorization header should be specified",
                    Map.of("ArgumentName", "Authorization"));
        return fromHeader(authorization, headers);
    }

    private static Claim fromHeader(String authorization, HttpHeaders headers) {
        if (!authorization.startsWith(ALGORITHM) || authorization.length() == ALGORITHM.length()
                || authorization.charAt(ALGORITHM.length()) != ' ')
            throw unsupported(authorization);
        String credential = null;
        String signedHeaders = null;
        String signature = null;
        int from = ALGORITHM.length();
        while (from < authorization.length()) {
            int to = authorization.indexOf(',', from);
            if (to < 0)
                to = authorization.length();
            int start = from;
            while (start < to && authorization.charAt(start) == ' ')
                start++;
            int equals = authorization.indexOf('=', start);
            if (equals < 0 || equals >= to)
                throw malformedHeader("the authorization component \"" + authorization.substring(start, to) + "\" is malformed.");
            var value = authorization.substring(equals + 1, to).strip();
            if (authorization.startsWith("Credential=", start) && credential == null)
                credential = value;
            else if (authorization.startsWith("SignedHeaders=", start) && signedHeaders == null)
                signedHeaders = value;
            else if (authorization.startsWith("Signature=", start) && signature == null)
                signature = value;
            else
                throw malformedHeader("the authorization component \"" + authorization.substring(start, to) + "\" is malformed.");
            from = to + 1;
        }
        if (credential == null)
            throw malformedHeader("the authorization header requires a non-empty Credential.");
        if (signedHeaders == null || signedHeaders.isEmpty())
            throw malformedHeader("the authorization header requires a non-empty SignedHeaders.");
        if (signature == null || signature.isEmpty())
            throw malformedHeader("the authorization header requires a non-empty Signature.");
        return claim(credential, signedHeaders, signature, headerDate(headers), -1, headers.get("x-amz-security-token"), false);
    }

    private static SignatureRefusedException unsupported(String authorization) {
        if (authorization.startsWith("AWS "))
            return version2();
        return new SignatureRefusedException(400, "InvalidArgument", "Unsupported Authorization Type",
                Map.of("ArgumentName", "Authorization"));
    }

    /// Whether the query has the parameter that only signature version 2 knows: its signers, some still the default of their client,
    /// would else be told that they did not sign.
    private static boolean isVersion2(String rawQuery) {
        return rawQuery.startsWith(VERSION_2_KEY) || rawQuery.contains("&" + VERSION_2_KEY);
    }

    private static SignatureRefusedException version2() {
        return new SignatureRefusedException(400, "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    }

    private static Timestamp headerDate(HttpHeaders headers) {
        try {
            var amzDate = headers.get("x-amz-date");
            if (amzDate != null)
                return Timestamp.parse(amzDate);
            var date = headers.get("date");
            if (date != null)
                return Timestamp.parseHttpDate(date);
        } catch (DateTimeException e) {
            throw noDate();
        }
        throw noDate();
    }

    private static SignatureRefusedException noDate() {
        return new SignatureRefusedException(403, "AccessDenied",
                "AWS authentication requires a valid Date or x-amz-date header");
    }

    private static Claim fromQuery(String rawQuery) {
        var query = Query.parse(rawQuery);
        var algorithm = required(query, "X-Amz-Algorithm");
        if (!algorithm.equals(ALGORITHM))
            throw malformedQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        var credential = required(query, "X-Amz-Credential");
        var signature = required(query, "X-Amz-Signature");
        var date = required(query, "X-Amz-Date");
        var signedHeaders = required(query, "X-Amz-SignedHeaders");
        long expires = expires(required(query, "X-Amz-Expires"));
        try {
            return claim(credential, signedHeaders, signature, Timestamp.parse(date), expires, query.only("X-Amz-Security-Token"),
                    true);
        } catch (DateTimeException e) {
            throw malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
    }

    /// What a signed form says of its signature.
    static Claim ofPolicy(String credential, String date, String signature, @Nullable String token) {
        try {
            return claim(credential, "", signature, Timestamp.parse(date), -1, token, true);
        } catch (DateTimeException e) {
            throw malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
    }

    private static String required(Query query, String name) {
        var value = query.only(name);
        if (value == null || value.isEmpty())
            throw malformedQuery(
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
                            + "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        return value;
    }

    private static long expires(String text) {
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw malformedQuery("X-Amz-Expires should be a number");
        }
        if (seconds < 0)
            throw malformedQuery("X-Amz-Expires must be non-negative");
        if (seconds > MAX_EXPIRES_SECONDS)
            throw malformedQuery(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
                            + MAX_EXPIRES_SECONDS + " seconds");
        return seconds;
    }

    /// Takes the credential apart from its end, for an access key may hold any character.
    private static Claim claim(String credential, String signedHeaders, String signature, Timestamp signed, long expires,
            @Nullable String token, boolean query) {
        int terminal = credential.lastIndexOf('/');
        int service = terminal < 1 ? -1 : credential.lastIndexOf('/', terminal - 1);
        int region = service < 1 ? -1 : credential.lastIndexOf('/', service - 1);
        int day = region < 1 ? -1 : credential.lastIndexOf('/', region - 1);
        if (day < 1)
            throw malformed(MALFORMED_CREDENTIAL, query);
        if (!credential.endsWith(TERMINAL) || credential.length() - terminal - 1 != TERMINAL.length())
            throw malformed(
                    "incorrect terminal \"" + credential.substring(terminal + 1) + "\". This endpoint uses \"" + TERMINAL + "\".",
                    query);
        var date = credential.substring(day + 1, region);
        if (!signed.isOn(date))
            throw malformed("Invalid credential date \"" + date + "\". This date is not the same as X-Amz-Date: \""
                    + signed.text().substring(0, 8) + "\".", query);
        return new Claim(credential, credential.substring(0, day), credential.substring(day + 1),
                credential.substring(region + 1, service),
                credential.substring(service + 1, terminal), signedHeaders, signature, signed, expires, token);
    }

    private static SignatureRefusedException malformed(String why, boolean query) {
        return query ? malformedQuery("Error parsing the X-Amz-Credential parameter; " + why) : malformedHeader(why);
    }
}
