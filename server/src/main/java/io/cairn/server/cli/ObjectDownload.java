package io.cairn.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// Fetches one object. A file appears under its name only when all of it has come and its length and, where the ETag is one, its MD5
/// fit; until then it is `NAME.cairn-part` beside it.
final class ObjectDownload {
    private final ObjectAddress object;
    private final HttpResponse<InputStream> answer;

    ObjectDownload(ObjectAddress object, HttpResponse<InputStream> answer) {
        this.object = object;
        this.answer = answer;
    }

    /// Bytes, or -1 when the server does not say.
    long length() {
        return answer.headers().firstValueAsLong("content-length").orElse(-1);
    }

    void toFile(Path file, LongConsumer received) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".cairn-part");
        boolean complete = false;
        try {
            try (var out = Files.newOutputStream(part)) {
                to(out, received);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            complete = true;
        } finally {
            if (!complete)
                Files.deleteIfExists(part);
        }
    }

    void to(OutputStream out, LongConsumer received) throws IOException {
        var md5 = RequestSigner.digest("MD5");
        var buffer = new byte[1 << 16];
        long total = 0;
        try (var in = answer.body()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                md5.update(buffer, 0, count);
                total += count;
                received.accept(count);
            }
        }
        out.flush();
        if (length() >= 0 && total != length())
            throw damaged("%d of %d bytes came".formatted(total, length()));
        // Of an object that was uploaded in parts the ETag is the MD5 of MD5s, with a dash in it.
        var etag = answer.headers().firstValue("etag").orElse("").replace("\"", "");
        var actual = HexFormat.of().formatHex(md5.digest());
        if (etag.matches("[0-9a-f]{32}") && !etag.equals(actual))
            throw damaged("the ETag says MD5 " + etag + ", what came has " + actual);
    }

    private CommandException damaged(String what) {
        return new CommandException(object.bucket() + "/" + object.key() + ": " + what + "; get it again");
    }
}
