package io.cairn.server.iam;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// Static users, one a line: `access secret id name...`. Fields are separated by blanks, the name runs to the end of the line, `id` is
/// the canonical id. Empty lines and lines that begin with `#` are skipped. UTF-8.
final class UsersFile {
    private UsersFile() {}

    static List<User> read(Path file) throws IOException {
        if (!Files.isReadable(file))
            throw new InvalidCredentialsException("users file " + file + " cannot be read");
        return parse(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    static List<User> parse(String file, List<String> lines) {
        var users = new ArrayList<User>();
        var lineOfKey = new HashMap<String, Integer>();
        for (int number = 1; number <= lines.size(); number++) {
            var line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#"))
                continue;
            var fields = line.split("[ \t]+", 4);
            if (fields.length < 4)
                throw bad(file, number, "need `access secret id name`, found " + fields.length + " of 4 fields");
            var earlier = lineOfKey.putIfAbsent(fields[0], number);
            if (earlier != null)
                throw bad(file, number, "access key " + fields[0] + " was given on line " + earlier);
            users.add(new User(fields[1], new Principal(fields[0], fields[2], fields[3], false)));
        }
        return users;
    }

    private static InvalidCredentialsException bad(String file, int number, String why) {
        return new InvalidCredentialsException("users file " + file + ", line " + number + ": " + why);
    }
}
