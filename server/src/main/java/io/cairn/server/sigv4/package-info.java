/// AWS Signature Version 4: who signed a request, and whether what arrived is what was signed, down to the last chunk of a streaming
/// body. Start reading at [io.cairn.server.sigv4.SigV4]. Source: "AWS Signature Version 4 for API requests" (IAM user guide) and
/// "Authenticating Requests" (S3 API reference).
@org.jspecify.annotations.NullMarked
package io.cairn.server.sigv4;
