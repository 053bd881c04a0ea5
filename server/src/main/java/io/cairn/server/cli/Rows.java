package io.cairn.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes rows as they come, as a table with fixed columns or as one JSON array of objects; holds none back, so that a listing of
/// any length takes no memory. A null cell is left out of JSON and blank in a table.
final class Rows implements AutoCloseable {
    /// @param width least characters in a table
    /// @param number right-aligned in a table, a number in JSON
    record Column(String name, int width, boolean number) {
        static Column text(String name, int width) {
            return new Column(name, width, false);
        }

        static Column number(String name, int width) {
            return new Column(name, width, true);
        }
    }

    private final PrintStream out;
    private final List<Column> columns;
    private final @Nullable JsonGenerator json;

    Rows(Invocation invocation, boolean json, Column... columns) throws IOException {
        this.out = invocation.out();
        this.columns = List.of(columns);
        this.json = json ? generator(out) : null;
        if (this.json != null)
            this.json.writeStartArray();
        else
            tableRow(this.columns.stream().map(Column::name).toArray());
    }

    private static JsonGenerator generator(PrintStream out) throws IOException {
        var json = new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET).createGenerator(out);
        return json.useDefaultPrettyPrinter();
    }

    void add(@Nullable Object... cells) throws IOException {
        if (cells.length != columns.size())
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        if (json != null)
            jsonRow(json, cells);
        else
            tableRow(cells);
    }

    private void jsonRow(JsonGenerator json, @Nullable Object... cells) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < cells.length; i++)
            switch (cells[i]) {
                case null -> {
                }
                case Number number -> json.writeNumberField(columns.get(i).name(), number.longValue());
                case Object other -> json.writeStringField(columns.get(i).name(), other.toString());
            }
        json.writeEndObject();
    }

    private void tableRow(@Nullable Object... cells) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            var column = columns.get(i);
            var cell = printable(cells[i] == null ? "" : String.valueOf(cells[i]));
            var blanks = " ".repeat(Math.max(0, column.width() - cell.length()));
            line.append(column.number() ? blanks + cell : cell + blanks).append("  ");
        }
        out.println(line.toString().stripTrailing());
    }

    /// Control characters as escapes: a key is anybody's text and must not steer the reader's terminal.
    static String printable(String text) {
        var printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)
                printable.append("\\u%04x".formatted(c));
            else
                printable.appendCodePoint(c);
        });
        return printable.toString();
    }

    @Override
    public void close() throws IOException {
        if (json != null) {
            json.writeEndArray();
            json.close();
            out.write("\n".getBytes(StandardCharsets.UTF_8));
        }
        out.flush();
    }
}
