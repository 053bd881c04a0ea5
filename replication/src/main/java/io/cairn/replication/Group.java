package io.cairn.replication;

import java.util.List;

/// What a log needs to know of the group it serves.
///
/// @param number 0 when embedded
/// @param spaces all constants of the engine's enum, in order
public record Group(Engine engine, int number, List<? extends Space> spaces) {
    public Group {
        spaces = List.copyOf(spaces);
        for (int i = 0; i < spaces.size(); i++)
            if (spaces.get(i).ordinal() != i)
                throw new IllegalArgumentException("spaces must be in order: " + spaces);
    }
}
