package io.cairn.server.cli;

/// The server refused a request about volumes or snapshots.
final class Ec2Exception extends RuntimeException {
    private static final long serialVersionUID = 1;
    /// EC2's error code: `InvalidVolume.NotFound`.
    final String code;

    Ec2Exception(String code, String message) {
        super(message.isEmpty() ? code : code + ": " + message);
        this.code = code;
    }

    /// The same for people, with what they can do next.
    CommandException forPeople() {
        var next = switch (code) {
            case "InvalidVolume.NotFound" -> "; see which volumes there are with: bin/cairn volume ls";
            case "InvalidSnapshot.NotFound" -> "; see which snapshots there are with: bin/cairn snapshot ls";
            case "AuthFailure", "SignatureDoesNotMatch", "UnauthorizedOperation", "InvalidClientTokenId" ->
                "; take the server's own keys with: eval \"$(bin/cairn env)\", or name its data directory with --data";
            case "RequestLimitExceeded", "Unavailable", "ServiceUnavailable" -> "; try again in a while";
            case "InternalError", "InternalFailure" -> "; the server's log says more";
            default -> "";
        };
        return new CommandException(getMessage() + next).because(this);
    }
}
