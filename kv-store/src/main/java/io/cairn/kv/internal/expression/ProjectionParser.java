package io.cairn.kv.internal.expression;

import java.util.ArrayList;
import java.util.List;

/// Projections: paths with commas between them (developer guide, "Using projection expressions").
final class ProjectionParser {
    private ProjectionParser() {}

    static List<Syntax.Path> parse(String text) {
        var cursor = new Cursor(Kind.PROJECTION, text);
        var paths = new ArrayList<Syntax.Path>();
        do
            paths.add(cursor.path());
        while (cursor.takeSymbol(","));
        cursor.expectEnd();
        cursor.refuseFaults();
        return List.copyOf(paths);
    }
}
