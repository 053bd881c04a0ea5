package io.cairn.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/// A key as the command line has it: `artist`, `artist,song` or `artist:S,year:N`, the partition key first.
///
/// @param types by name, in order
record TableKey(Map<String, String> types) {
    private static final Set<String> TYPES = Set.of("S", "N", "B");

    static TableKey of(String text) {
        var types = new LinkedHashMap<String, String>();
        for (var part : text.split(",", -1)) {
            int colon = part.lastIndexOf(':');
            var name = colon < 0 ? part : part.substring(0, colon);
            var type = colon < 0 ? "S" : part.substring(colon + 1);
            if (name.isEmpty() || !TYPES.contains(type) || types.put(name, type) != null)
                throw wrong(text);
        }
        if (types.size() > 2)
            throw wrong(text);
        return new TableKey(types);
    }

    private static CommandException wrong(String text) {
        return new CommandException("`" + text
                + "` is no key; one looks like artist or artist:S,year:N, with types S (text), N (number) or B (bytes)",
                ExitCode.USAGE);
    }

    List<Map<String, @Nullable Object>> schema() {
        var schema = new ArrayList<Map<String, @Nullable Object>>();
        for (var name : types.keySet())
            schema.add(Map.of("AttributeName", name, "KeyType", schema.isEmpty() ? "HASH" : "RANGE"));
        return schema;
    }
}
