package io.cairn.server.cli;

/// A key pair that signs requests.
///
/// @param sessionToken of temporary keys; empty for lasting ones
record Credentials(String accessKey, String secretKey, String sessionToken) {
    /// The secret stays out of logs and error messages.
    @Override
    public String toString() {
        return "Credentials[accessKey=" + accessKey + "]";
    }
}
