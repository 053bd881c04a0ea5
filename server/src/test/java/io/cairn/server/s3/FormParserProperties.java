package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/// However a form's body is cut into pieces, the same comes out.
class FormParserProperties {
    private static final class Collected implements FormParser.Handler {
        final List<String> out = new ArrayList<>();
        final StringBuilder file = new StringBuilder();

        @Override
        public void field(String name, String value) {
            out.add(name + "=" + value);
        }

        @Override
        public void fileBegins(String filename) {
            out.add("file " + filename);
        }

        @Override
        public void filePiece(ByteBuffer bytes) {
            file.append(ISO_8859_1.decode(bytes));
        }

        @Override
        public void fileEnds() {
            out.add(file.toString());
        }
    }

    /// Contents of few kinds of characters, which make pieces of delimiters.
    @Property(tries = 500)
    void piecesDoNotMatter(
            @ForAll @CharRange(from = '-', to = '-') @CharRange(from = '\r', to = '\r') @CharRange(from = '\n', to = '\n') @CharRange(from = 'B', to = 'B') @StringLength(max = 40) String content,
            @ForAll boolean empty,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 50) Integer> cuts) {
        // Neither may hold the delimiter: a client chooses one that they do not.
        var value = empty ? "" : content.replace("\r\n--B", "");
        var file = content.replace("\r\n--B", "");
        var body = "--B\r\nContent-Disposition: form-data; name=\"a;b\"\r\n\r\n" + value
                + "\r\n--B\r\ncontent-disposition: form-data; filename=\"x\"; name=file\r\ncontent-type: t\r\n\r\n" + file
                + "\r\n--B--";
        var bytes = body.getBytes(ISO_8859_1);
        var collected = new Collected();
        var parser = new FormParser("Multipart/Form-Data; charset=utf-8; boundary=B", collected);
        int at = 0;
        for (int i = 0; at < bytes.length; i++) {
            int count = Math.min(cuts.get(i % cuts.size()), bytes.length - at);
            parser.take(ByteBuffer.wrap(bytes, at, count));
            at += count;
        }
        parser.ended();
        assertEquals(List.of("a;b=" + value, "file x", file), collected.out);
    }
}
