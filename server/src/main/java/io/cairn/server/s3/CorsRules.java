package io.cairn.server.s3;

import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bucket's CORS configuration (Amazon S3 user guide, "Elements of a CORS configuration"): up to 100 rules, of which the first that
/// fits a request counts.
record CorsRules(List<Rule> rules) {
    private static final int MAX_RULES = 100;
    private static final int MAX_ID_CHARS = 255;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "HEAD", "POST", "DELETE");

    /// @param headers lower case, perhaps with one `*`
    /// @param maxAge seconds, or -1 when not said
    record Rule(String id, List<String> methods, List<String> origins, List<String> headers, List<String> exposed, long maxAge) {
        /// @param asked names of headers a preflight asks for; empty for a request itself
        boolean fits(String origin, String method, List<String> asked) {
            return methods.contains(method) && origins.stream().anyMatch(pattern -> matches(pattern, origin))
                    && asked.stream().allMatch(name -> headers.stream().anyMatch(pattern -> matches(pattern, name)));
        }

        /// Tells a browser that it may let the page see the answer (Fetch standard, "CORS protocol").
        void tell(String origin, HttpHeaders answer) {
            boolean any = origins.contains("*");
            answer.set("Access-Control-Allow-Origin", any ? "*" : origin);
            answer.set("Access-Control-Allow-Methods", String.join(", ", methods));
            if (!exposed.isEmpty())
                answer.set("Access-Control-Expose-Headers", String.join(", ", exposed));
            if (maxAge >= 0)
                answer.set("Access-Control-Max-Age", Long.toString(maxAge));
            if (!any)
                answer.set("Access-Control-Allow-Credentials", "true");
            answer.set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
        }
    }

    @Nullable
    Rule first(String origin, String method, List<String> asked) {
        for (var rule : rules)
            if (rule.fits(origin, method, asked))
                return rule;
        return null;
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0)
            return pattern.equals(text);
        return text.length() >= pattern.length() - 1 && text.startsWith(pattern.substring(0, star))
                && text.endsWith(pattern.substring(star + 1));
    }

    static CorsRules read(byte[] document) {
        var rules = new ArrayList<Rule>();
        XmlReader.read(document, "CORSConfiguration", in -> in.children(name -> {
            if (!name.equals("CORSRule"))
                throw Refusals.malformedXml(name + " in CORSConfiguration");
            rules.add(rule(in));
        }));
        if (rules.isEmpty() || rules.size() > MAX_RULES)
            throw Refusals.malformedXml(rules.size() + " rules; a CORSConfiguration has 1 to " + MAX_RULES);
        return new CorsRules(List.copyOf(rules));
    }

    private static Rule rule(XmlReader in) {
        Map<String, List<String>> fields = new HashMap<>();
        in.children(name -> fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(in.text().strip()));
        var id = only(fields, "ID");
        if (id.length() > MAX_ID_CHARS)
            throw Refusals.malformedXml("an ID has at most " + MAX_ID_CHARS + " characters");
        var methods = fields.getOrDefault("AllowedMethod", List.of());
        var origins = fields.getOrDefault("AllowedOrigin", List.of());
        if (methods.isEmpty() || origins.isEmpty())
            throw Refusals.malformedXml("a CORSRule needs an AllowedMethod and an AllowedOrigin");
        for (var method : methods)
            if (!METHODS.contains(method))
                throw Refusals.invalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is " + method);
        var headers = fields.getOrDefault("AllowedHeader", List.of()).stream().map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        requireOneStar("AllowedOrigin", origins);
        requireOneStar("AllowedHeader", headers);
        var exposed = fields.getOrDefault("ExposeHeader", List.of());
        for (var name : exposed)
            if (name.contains("*"))
                throw Refusals
                        .invalidRequest("ExposeHeader \"" + name + "\" contains wildcard. We currently do not support wildcard"
                                + " for ExposeHeader.");
        for (var list : fields.values())
            for (var value : list)
                requirePrintable(value);
        return new Rule(id, List.copyOf(methods), List.copyOf(origins), headers, List.copyOf(exposed),
                maxAge(only(fields, "MaxAgeSeconds")));
    }

    private static String only(Map<String, List<String>> fields, String name) {
        var values = fields.getOrDefault(name, List.of(""));
        if (values.size() > 1)
            throw Refusals.malformedXml(name + " twice in a CORSRule");
        return values.getFirst();
    }

    private static void requireOneStar(String element, List<String> patterns) {
        for (var pattern : patterns)
            if (pattern.indexOf('*') != pattern.lastIndexOf('*'))
                throw Refusals.invalidRequest(element + " \"" + pattern + "\" can not have more than one wildcard.");
    }

    /// They come back in headers.
    private static void requirePrintable(String value) {
        for (int i = 0; i < value.length(); i++)
            if (value.charAt(i) < 0x20 || value.charAt(i) > 0x7e)
                throw new RefusedException(400, "InvalidRequest", "A CORS rule is printable ASCII: " + value);
    }

    private static long maxAge(String text) {
        if (text.isEmpty())
            return -1;
        try {
            long seconds = Long.parseLong(text);
            if (seconds >= 0 && seconds <= Integer.MAX_VALUE)
                return seconds;
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Refusals.malformedXml("MaxAgeSeconds is not a number of seconds: " + text);
    }

    /// As GetBucketCors gives it back.
    byte[] document() {
        var xml = new XmlWriter(1024).openRoot("CORSConfiguration", S3Face.NAMESPACE);
        for (var rule : rules) {
            xml.open("CORSRule");
            if (!rule.id().isEmpty())
                xml.element("ID", rule.id());
            rule.origins().forEach(origin -> xml.element("AllowedOrigin", origin));
            rule.methods().forEach(method -> xml.element("AllowedMethod", method));
            if (rule.maxAge() >= 0)
                xml.element("MaxAgeSeconds", rule.maxAge());
            rule.exposed().forEach(name -> xml.element("ExposeHeader", name));
            rule.headers().forEach(name -> xml.element("AllowedHeader", name));
            xml.close("CORSRule");
        }
        return xml.close("CORSConfiguration").bytes();
    }
}
