package io.cairn.server.cli;

/// The server refused a request about tables or items.
final class DynamoDbException extends RuntimeException {
    private static final long serialVersionUID = 1;
    /// DynamoDB's error code: `ResourceNotFoundException`.
    final String code;

    DynamoDbException(String code, String message) {
        super(message.isEmpty() ? code : code + ": " + message);
        this.code = code;
    }

    /// The same for people, with what they can do next.
    CommandException forPeople() {
        var next = switch (code) {
            case "ResourceNotFoundException" -> "; see which tables there are with: bin/cairn table list";
            case "ResourceInUseException" -> "; choose another name, or remove it first with: bin/cairn table delete";
            case "AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException" ->
                "; take the server's own keys with: eval \"$(bin/cairn env)\", or name its data directory with --data";
            case "ThrottlingException", "ProvisionedThroughputExceededException", "ServiceUnavailable" ->
                "; try again in a while";
            case "InternalServerError", "InternalFailure" -> "; the server's log says more";
            default -> "";
        };
        return new CommandException(getMessage() + next).because(this);
    }
}
