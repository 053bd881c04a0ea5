package io.cairn.kv.internal.expression;

import java.util.HashSet;
import java.util.List;

/// No two paths of an update or a projection may name the same thing, one a part of the other, or use one thing as a map and as a list.
final class Overlap {
    private Overlap() {}

    static void refuse(Kind kind, List<DocumentPath> paths) {
        if (paths.size() < 2 || haveDistinctTops(paths))
            return;
        for (int one = paths.size() - 2; one >= 0; one--) // from the end, as DynamoDB does it
            for (int two = one + 1; two < paths.size(); two++)
                switch (relation(paths.get(one), paths.get(two))) {
                    case DISTINCT -> {
                    }
                    case OVERLAP -> throw kind.refused(text("overlap", paths.get(one), paths.get(two)));
                    case CONFLICT -> throw kind.refused(text("conflict", paths.get(one), paths.get(two)));
                }
    }

    /// The usual case, and the one where there can be very many paths.
    private static boolean haveDistinctTops(List<DocumentPath> paths) {
        var tops = HashSet.<String>newHashSet(paths.size());
        for (var path : paths)
            if (!tops.add(path.top().name()))
                return false;
        return true;
    }

    private enum Relation {
        DISTINCT, OVERLAP, CONFLICT
    }

    private static Relation relation(DocumentPath one, DocumentPath two) {
        int common = Math.min(one.steps().size(), two.steps().size());
        for (int i = 0; i < common; i++) {
            var left = one.steps().get(i);
            var right = two.steps().get(i);
            if (left instanceof DocumentPath.Field != right instanceof DocumentPath.Field)
                return Relation.CONFLICT;
            if (!left.equals(right))
                return Relation.DISTINCT;
        }
        return Relation.OVERLAP;
    }

    private static String text(String how, DocumentPath one, DocumentPath two) {
        return "Two document paths " + how + " with each other; must remove or rewrite one of these paths; path one: " + one
                + ", path two: " + two;
    }
}
