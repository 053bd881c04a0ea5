package io.cairn.server.iam;

/// One access key: what proves it and who it stands for.
public record User(String secretKey, Principal principal) {
    /// Never shows the secret.
    @Override
    public String toString() {
        return "User[" + principal.accessKey() + "]";
    }
}
