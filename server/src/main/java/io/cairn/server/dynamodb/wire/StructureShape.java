package io.cairn.server.dynamodb.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Members under names of their own, in the order of the model. Immutable.
public final class StructureShape implements Shape {
    /// One member.
    ///
    /// @param printed the name as the service prints it in errors: `tableName`
    /// @param index where it stands among the members
    public record Member(String name, String printed, int index, Shape shape, boolean required) {
        Member(String name, int index, Shape shape, boolean required) {
            this(name, name.substring(0, 1).toLowerCase(Locale.ROOT).concat(name.substring(1)), index, shape, required);
        }
    }

    private final String name;
    private final List<Member> members;
    private final Map<String, Member> byName;

    StructureShape(String name, List<Member> members) {
        this.name = name;
        this.members = List.copyOf(members);
        this.byName = HashMap.newHashMap(members.size());
        for (var member : members)
            byName.put(member.name(), member);
    }

    @Override
    public String name() {
        return name;
    }

    public List<Member> members() {
        return members;
    }

    /// The member of this name, or null.
    public @Nullable Member member(String memberName) {
        return byName.get(memberName);
    }

    /// Where the member of this name stands. An `IllegalArgumentException` when there is none: a name that the model does not have is a slip of
    /// the program.
    int index(String memberName) {
        var member = byName.get(memberName);
        if (member == null)
            throw new IllegalArgumentException(name + " has no member " + memberName);
        return member.index();
    }

    @Override
    public String toString() {
        return name + members.stream().map(Member::name).toList();
    }
}
