package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.number;
import static io.cairn.server.cli.Rows.Column.text;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn object`: moves objects between files and a running server.
@Command(name = "object", mixinStandardHelpOptions = true, description = "Puts, gets, lists and removes objects.")
final class ObjectCommand {
    private final Invocation invocation;

    ObjectCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "put", mixinStandardHelpOptions = true, description = "Stores a file as an object; large ones in parts.")
    int put(@Mixin ClientOptions client, @Parameters(paramLabel = "FILE", description = "file to store; - for stdin") String file,
            @Parameters(paramLabel = "BUCKET[/KEY]", description = "where; without a key, or with one that ends in /, the file's name is added") String to,
            @Option(names = "--content-type", paramLabel = "TYPE", description = "default: by the file's name") @Nullable String contentType)
            throws IOException {
        boolean stdin = file.equals("-");
        var object = stdin ? ObjectAddress.ofObject(to) : under(ObjectAddress.of(to), Path.of(file));
        if (!stdin && !Files.isRegularFile(Path.of(file)))
            throw new CommandException(file + (Files.exists(Path.of(file)) ? " is no regular file" : " does not exist"));
        var type = contentType != null ? contentType : contentType(object.key());
        try (var s3 = client.connect(invocation);
                var progress = new Progress(invocation, object.key(), stdin ? -1 : Files.size(Path.of(file)))) {
            var upload = new ObjectUpload(s3, object, type, progress);
            if (stdin)
                upload.stream(invocation.in());
            else
                upload.file(Path.of(file));
        } catch (S3Exception e) {
            throw e.forPeople(object.bucket());
        }
        return 0;
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Fetches an object into a file.")
    int get(@Mixin ClientOptions client, @Parameters(paramLabel = "BUCKET/KEY") String from,
            @Parameters(paramLabel = "FILE", arity = "0..1", description = "file or directory; - for stdout (default: the last part of the key, here)") @Nullable String to)
            throws IOException {
        var object = ObjectAddress.ofObject(from);
        boolean stdout = "-".equals(to);
        var file = stdout ? null : target(object, to);
        try (var s3 = client.connect(invocation)) {
            var download = new ObjectDownload(object, s3.get(object.bucket(), object.key()));
            try (var progress = new Progress(invocation, object.key(), download.length())) {
                if (file == null)
                    download.to(invocation.out(), progress);
                else
                    download.toFile(file, progress);
            }
        } catch (S3Exception e) {
            throw e.forPeople(object.bucket());
        }
        return 0;
    }

    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists objects, one level of / at a time.")
    int ls(@Mixin ClientOptions client, @Parameters(paramLabel = "BUCKET[/PREFIX]") String where,
            @Option(names = {"-r", "--recursive"}, description = "all levels") boolean recursive) throws IOException {
        var address = ObjectAddress.of(where);
        boolean json = client.json(invocation);
        try (var s3 = client.connect(invocation)) {
            var page = s3.list(address.bucket(), address.key(), recursive ? "" : "/", "");
            try (var rows = new Rows(invocation, json, number("size", 14), text("modified", 24), text("key", 0))) {
                while (true) {
                    for (var prefix : page.group("CommonPrefixes"))
                        rows.add(null, null, UriEncoding.decode(prefix.getOrDefault("Prefix", "")));
                    for (var object : page.group("Contents"))
                        rows.add(Long.valueOf(object.getOrDefault("Size", "0")), object.get("LastModified"),
                                UriEncoding.decode(object.getOrDefault("Key", "")));
                    if (!page.field("IsTruncated").equals("true"))
                        break;
                    page = s3.list(address.bucket(), address.key(), recursive ? "" : "/", page.field("NextContinuationToken"));
                }
            }
        } catch (S3Exception e) {
            throw e.forPeople(address.bucket());
        }
        return 0;
    }

    @Command(name = "rm", mixinStandardHelpOptions = true, description = "Removes objects.")
    int rm(@Mixin ClientOptions client, @Parameters(paramLabel = "BUCKET/KEY", arity = "1..*") List<String> objects) {
        var addresses = objects.stream().map(ObjectAddress::ofObject).toList();
        for (var object : addresses)
            try (var s3 = client.connect(invocation)) {
                s3.delete(object.bucket(), object.key());
            } catch (S3Exception e) {
                throw e.forPeople(object.bucket());
            }
        return 0;
    }

    @Command(name = "stat", mixinStandardHelpOptions = true, description = "Shows what is known of an object.")
    int stat(@Mixin ClientOptions client, @Parameters(paramLabel = "BUCKET/KEY") String what) throws IOException {
        var object = ObjectAddress.ofObject(what);
        boolean json = client.json(invocation);
        try (var s3 = client.connect(invocation)) {
            var headers = s3.head(object.bucket(), object.key());
            try (var rows = new Rows(invocation, json, text("name", 32), text("value", 0))) {
                for (var header : headers.entrySet())
                    if (tells(header.getKey()))
                        rows.add(header.getKey(), String.join(", ", header.getValue()));
            }
        } catch (S3Exception e) {
            throw e.forPeople(object.bucket());
        }
        return 0;
    }

    /// Whether a header is about the object and not about the answer.
    private static boolean tells(String header) {
        return (header.startsWith("x-amz-") && !header.startsWith("x-amz-request") && !header.startsWith("x-amz-id"))
                || (header.startsWith("content-")
                        || List.of("etag", "last-modified", "cache-control", "expires").contains(header));
    }

    private static ObjectAddress under(ObjectAddress to, Path file) {
        if (!to.key().isEmpty() && !to.key().endsWith("/"))
            return to;
        var name = file.toAbsolutePath().normalize().getFileName();
        if (name == null)
            throw new CommandException(file + " is no regular file");
        return new ObjectAddress(to.bucket(), to.key() + name);
    }

    private static Path target(ObjectAddress object, @Nullable String to) {
        var given = Path.of(to == null ? "" : to);
        if (to != null && !Files.isDirectory(given))
            return given;
        // The key is anybody's text: only a plain name may choose the file.
        var name = object.key().substring(object.key().lastIndexOf('/') + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0)
            throw new CommandException(
                    "the key does not end in a file's name; say where: bin/cairn object get " + object.bucket() + "/"
                            + object.key() + " FILE",
                    ExitCode.USAGE);
        return given.resolve(name);
    }

    private static String contentType(String key) {
        var more = Map.of("md", "text/markdown", "css", "text/css", "js", "text/javascript", "json", "application/json", "svg",
                "image/svg+xml", "csv", "text/csv");
        var byExtension = more.get(key.substring(key.lastIndexOf('.') + 1));
        if (byExtension != null)
            return byExtension;
        var known = URLConnection.guessContentTypeFromName(key);
        return known != null ? known : "application/octet-stream";
    }
}
