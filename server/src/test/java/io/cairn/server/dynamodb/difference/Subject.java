package io.cairn.server.dynamodb.difference;

import java.io.IOException;

/// What is asked.
interface Subject {
    /// A walk is answered with all its pages.
    Answer send(Request request) throws IOException;

    /// No item is left in the table.
    void clear(TableShape table) throws IOException;

    /// No table is left whose name begins so.
    void drop(String prefix) throws IOException;
}
