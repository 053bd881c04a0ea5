package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.text;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `cairn bucket`: makes, lists and removes buckets of a running server.
@Command(name = "bucket", mixinStandardHelpOptions = true, description = "Makes, lists and removes buckets.")
final class BucketCommand {
    private final Invocation invocation;

    BucketCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a bucket.")
    int create(@Mixin ClientOptions client, @Parameters(paramLabel = "BUCKET") String name) {
        var bucket = bucket(name);
        try (var s3 = client.connect(invocation)) {
            s3.createBucket(bucket);
        } catch (S3Exception e) {
            throw e.forPeople(bucket);
        }
        return 0;
    }

    @Command(name = "rm", mixinStandardHelpOptions = true, description = "Removes an empty bucket.")
    int rm(@Mixin ClientOptions client, @Parameters(paramLabel = "BUCKET") String name) {
        var bucket = bucket(name);
        try (var s3 = client.connect(invocation)) {
            s3.deleteBucket(bucket);
        } catch (S3Exception e) {
            throw e.code.equals("NoSuchBucket")
                    ? new CommandException(e.getMessage() + "; see which there are with: bin/cairn bucket ls")
                            .because(e)
                    : e.forPeople(bucket);
        }
        return 0;
    }

    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists the buckets.")
    int ls(@Mixin ClientOptions client) throws IOException {
        boolean json = client.json(invocation);
        try (var s3 = client.connect(invocation)) {
            var buckets = s3.buckets();
            try (var rows = new Rows(invocation, json, text("created", 24), text("bucket", 0))) {
                for (var bucket : buckets)
                    rows.add(bucket.get("CreationDate"), bucket.get("Name"));
            }
        } catch (S3Exception e) {
            throw e.forPeople("");
        }
        return 0;
    }

    private static String bucket(String text) {
        var address = ObjectAddress.of(text);
        if (!address.key().isEmpty())
            throw new CommandException("`" + text + "` is an object; a bucket's name has no /",
                    picocli.CommandLine.ExitCode.USAGE);
        return address.bucket();
    }
}
