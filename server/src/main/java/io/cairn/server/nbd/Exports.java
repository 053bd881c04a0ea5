package io.cairn.server.nbd;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which exports there are, asked at each connection. Any thread; quick.
public interface Exports {
    /// The export of this name; null for none, or when more than one goes by it.
    @Nullable
    Export find(String name);

    /// Names of all.
    List<String> names();
}
