package io.cairn.server.cli;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/// How items are written, and what expressions refer to.
final class ItemOptions {
    @Option(names = "--dynamodb-json", description = "items, keys and values with their types, as {\"artist\": {\"S\": \"Miles Davis\"}}, not as plain JSON")
    boolean typed;

    @Option(names = "--values", paramLabel = "JSON", description = "what the :values of expressions stand for, as {\":min\": 3}")
    @Nullable
    String values;

    @Option(names = "--names", paramLabel = "JSON", description = "what the #names of expressions stand for, as {\"#y\": \"year\"}")
    @Nullable
    String names;

    /// Puts names and values into a request.
    void into(Map<String, @Nullable Object> request, Invocation invocation) throws IOException {
        if (names != null)
            request.put("ExpressionAttributeNames", object(names, "--names", invocation));
        if (values != null)
            request.put("ExpressionAttributeValues", item(values, "--values", invocation));
    }

    /// The item that a text says, as DynamoDB types it.
    ///
    /// @param text JSON, `@FILE`, or `-` for standard input
    /// @param what it is, for messages
    Map<String, @Nullable Object> item(String text, String what, Invocation invocation) throws IOException {
        var item = object(text, what, invocation);
        return typed ? item : DocumentForm.typedItem(item);
    }

    /// An item from an answer, as it is to be shown.
    Map<String, @Nullable Object> shown(Map<String, @Nullable Object> item) {
        return typed ? item : DocumentForm.plainItem(item);
    }

    private static Map<String, @Nullable Object> object(String text, String what, Invocation invocation) throws IOException {
        try {
            var value = text.equals("-")
                    ? Json.read(invocation.in().readAllBytes())
                    : text.startsWith("@") ? Json.read(file(text.substring(1))) : Json.read(text);
            if (value instanceof Map<?, ?>)
                return Json.map(value);
        } catch (JacksonException e) {
            throw noObject(what).because(e);
        }
        throw noObject(what);
    }

    private static CommandException noObject(String what) {
        return new CommandException(
                what + " must be a JSON object such as '{\"artist\": \"Miles Davis\"}', @FILE, or - for stdin",
                ExitCode.USAGE);
    }

    private static byte[] file(String name) throws IOException {
        try {
            return Files.readAllBytes(Path.of(name));
        } catch (NoSuchFileException e) {
            throw new CommandException(name + " does not exist", ExitCode.USAGE).because(e);
        }
    }
}
