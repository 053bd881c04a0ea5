package io.cairn.server.sigv4;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parameters of a query in canonical form: names and values decoded and encoded again, each byte outside
/// `A-Z a-z 0-9 - . _ ~` as `%XX`; sorted by name, then by value. A raw `+` is a blank, as S3 reads it.
final class Query {
    private record Parameter(String name, String value) implements Comparable<Parameter> {
        @Override
        public int compareTo(Parameter other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : value.compareTo(other.value);
        }
    }

    private final List<Parameter> parameters;

    private Query(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    static Query parse(String rawQuery) {
        var parameters = new ArrayList<Parameter>();
        int from = 0;
        while (from < rawQuery.length()) {
            int to = rawQuery.indexOf('&', from);
            if (to < 0)
                to = rawQuery.length();
            if (to > from) {
                int equals = rawQuery.indexOf('=', from);
                boolean bare = equals < 0 || equals >= to;
                parameters.add(new Parameter(UriEncoding.recode(rawQuery, from, bare ? to : equals),
                        bare ? "" : UriEncoding.recode(rawQuery, equals + 1, to)));
            }
            from = to + 1;
        }
        parameters.sort(null);
        return new Query(parameters);
    }

    /// The decoded value of a parameter; null when it is absent. Twice the same name is refused: which one counts would be a guess.
    @Nullable
    String only(String name) {
        String found = null;
        for (var parameter : parameters) {
            if (!parameter.name.equals(name))
                continue;
            if (found != null)
                throw SignatureRefusedException.malformedQuery("the parameter " + name + " is given twice");
            found = parameter.value;
        }
        return found == null ? null : decoded(found);
    }

    void write(Scratch out, @Nullable String without) {
        boolean first = true;
        for (var parameter : parameters) {
            if (parameter.name.equals(without))
                continue;
            if (!first)
                out.put('&');
            first = false;
            out.put(parameter.name).put('=').put(parameter.value);
        }
    }

    private static String decoded(String encoded) {
        if (encoded.indexOf('%') < 0)
            return encoded;
        var bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            int escaped = UriEncoding.escaped(encoded, i, encoded.length());
            bytes.write(escaped >= 0 ? escaped : encoded.charAt(i));
            if (escaped >= 0)
                i += 2;
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
