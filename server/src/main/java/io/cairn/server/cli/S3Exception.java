package io.cairn.server.cli;

/// The server refused a request.
final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;
    /// S3's error code: `NoSuchBucket`.
    final String code;

    S3Exception(int status, String code, String message) {
        super(message.isEmpty() ? code : code + ": " + message);
        this.status = status;
        this.code = code;
    }

    /// The same for people, with what they can do next.
    CommandException forPeople(String bucket) {
        var next = switch (code) {
            case "NoSuchBucket" -> "; make it with: bin/cairn bucket create " + bucket;
            case "NoSuchKey" -> "; see what is there with: bin/cairn object ls " + bucket;
            case "BucketNotEmpty" -> "; see what is in it with: bin/cairn object ls " + bucket;
            case "BucketAlreadyExists", "InvalidBucketName" -> "; choose another name";
            case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                "; take the server's own keys with: eval \"$(bin/cairn env)\", or name its data directory with --data";
            case "RequestTimeTooSkewed" -> "; set this machine's clock";
            case "SlowDown", "ServiceUnavailable" -> "; try again in a while";
            case "InternalError" -> "; the server's log says more";
            default -> "";
        };
        return new CommandException(getMessage() + next).because(this);
    }
}
