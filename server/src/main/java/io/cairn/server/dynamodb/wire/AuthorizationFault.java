package io.cairn.server.dynamodb.wire;

import io.cairn.server.http.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the service says of an Authorization header that cannot be read: all that it lacks at once (recorded by dynalite's tests).
///
/// @param text for the client
record AuthorizationFault(ErrorType type, String text) {
    private static final String SCHEME = "AWS4-";
    private static final List<String> PARAMETERS = List.of("Credential", "Signature", "SignedHeaders");
    private static final int SCOPE_PARTS = 5;

    /// Null when the header is there and nothing is missing in it, so that something else must be wrong.
    static @Nullable AuthorizationFault of(Request request) {
        var header = request.headers().get("Authorization");
        if (header == null)
            return null;
        if (!header.strip().startsWith(SCHEME))
            return new AuthorizationFault(ErrorType.MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token");
        var given = parameters(header);
        var text = new StringBuilder();
        for (var name : PARAMETERS)
            if (given.getOrDefault(name, "").isEmpty())
                text.append("Authorization header requires '").append(name).append("' parameter. ");
        if (!request.headers().contains("X-Amz-Date") && !request.headers().contains("Date"))
            text.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        if (!text.isEmpty())
            return new AuthorizationFault(ErrorType.INCOMPLETE_SIGNATURE, text + "Authorization=" + header);
        var credential = given.getOrDefault("Credential", "");
        return credential.split("/", -1).length == SCOPE_PARTS
                ? null
                : new AuthorizationFault(ErrorType.INCOMPLETE_SIGNATURE,
                        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '"
                                + credential
                                + "'");
    }

    private static Map<String, String> parameters(String header) {
        var parameters = new HashMap<String, String>();
        int blank = header.indexOf(' ');
        for (var parameter : (blank < 0 ? "" : header.substring(blank)).split(",")) {
            int equals = parameter.indexOf('=');
            if (equals >= 0)
                parameters.put(parameter.substring(0, equals).strip(), parameter.substring(equals + 1).strip());
        }
        return parameters;
    }
}
