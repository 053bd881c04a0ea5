package io.cairn.server.sigv4;

import java.util.Map;

/// A signature, or something signed, is not right: HTTP status, S3's error code and text, and further named values. No stack trace:
/// refusals are expected.
public final class SignatureRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;
    private final String text;
    private final transient Map<String, String> details;

    public SignatureRefusedException(int status, String code, String text, Map<String, String> details) {
        super(code + ": " + text, null, false, false);
        this.status = status;
        this.code = code;
        this.text = text;
        this.details = details;
    }

    SignatureRefusedException(int status, String code, String text) {
        this(status, code, text, Map.of());
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String text() {
        return text;
    }

    public Map<String, String> details() {
        return details;
    }

    static SignatureRefusedException malformedHeader(String why) {
        return new SignatureRefusedException(400, "AuthorizationHeaderMalformed",
                "The authorization header is malformed; " + why);
    }

    static SignatureRefusedException malformedQuery(String why) {
        return new SignatureRefusedException(400, "AuthorizationQueryParametersError", why);
    }

    static SignatureRefusedException incompleteBody(long announced, long received) {
        return new SignatureRefusedException(400, "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header: announced " + announced
                        + ", received "
                        + (received > announced ? "more" : Long.toString(received)));
    }

    static SignatureRefusedException malformedChunk(String why) {
        return new SignatureRefusedException(400, "InvalidRequest", "The aws-chunked framing of the body is malformed: " + why);
    }

    static SignatureRefusedException malformedTrailer(String why) {
        return new SignatureRefusedException(400, "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published schema: "
                        + why);
    }
}
