package io.cairn.server.iam;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All access keys that this server knows: the root key and static users. Immutable; any thread.
public final class Credentials {
    /// The canonical id of the root: 64 hexadecimal digits, as AWS gives them.
    public static final String ROOT_CANONICAL_ID = "0".repeat(63) + "1";

    private final Map<String, User> users;
    private final String rootAccessKey;

    private Credentials(Map<String, User> users, String rootAccessKey) {
        this.users = Map.copyOf(users);
        this.rootAccessKey = rootAccessKey;
    }

    /// The root key from `CAIRN_ROOT_ACCESS_KEY` and `CAIRN_ROOT_SECRET_KEY`, else from `data/root-key`, which is made when it is
    /// absent; and the users of `usersFile`.
    ///
    /// @throws InvalidCredentialsException when one of them cannot be used; the message says which and where
    public static Credentials open(Path data, @Nullable Path usersFile, Map<String, String> environment, RandomGenerator random)
            throws IOException {
        var root = RootKey.fromEnvironment(environment);
        if (root == null)
            root = RootKey.readOrCreate(data, random);
        return of(root.accessKey(), root.secretKey(), usersFile == null ? List.of() : UsersFile.read(usersFile));
    }

    /// These keys and no others.
    public static Credentials of(String rootAccessKey, String rootSecretKey, List<User> others) {
        var users = new HashMap<String, User>();
        users.put(rootAccessKey, new User(rootSecretKey, new Principal(rootAccessKey, ROOT_CANONICAL_ID, "root", true)));
        for (var user : others)
            if (users.putIfAbsent(user.principal().accessKey(), user) != null)
                throw new InvalidCredentialsException(
                        "access key " + user.principal().accessKey() + " is given twice (or is the root's)");
        return new Credentials(users, rootAccessKey);
    }

    /// Who holds this access key, or null when nobody does.
    public @Nullable User find(String accessKey) {
        return users.get(accessKey);
    }

    public String rootAccessKey() {
        return rootAccessKey;
    }
}
