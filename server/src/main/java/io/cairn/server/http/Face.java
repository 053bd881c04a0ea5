package io.cairn.server.http;

/// One protocol behind the front door. One instance serves all connections.
public interface Face {
    /// Name of the service in a SigV4 scope: `s3`, `dynamodb`.
    String service();

    /// Serves a request whose signature was verified, or that had none. Called on the event loop: must not block; long work goes to
    /// [Exchange#worker()]. An exception thrown from here goes to [Exchange#fail].
    void serve(Exchange exchange);

    /// How this protocol says that the front door refused a request.
    Answer refusal(Request request, String requestId, Refusal refusal);
}
