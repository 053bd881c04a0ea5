package io.cairn.server.dynamodb.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the service answers when it does not do what was asked: `__type` of the body, and HTTP status.
public enum ErrorType {
    VALIDATION(ErrorType.VALIDATE, "ValidationException", 400, "message"),
    SERIALIZATION(ErrorType.SERVICE, "SerializationException", 400, "Message"),
    UNKNOWN_OPERATION(ErrorType.SERVICE, "UnknownOperationException", 400, "message"),
    ACCESS_DENIED(ErrorType.SERVICE, "AccessDeniedException", 400, "Message"),
    MISSING_AUTHENTICATION_TOKEN(ErrorType.SERVICE, "MissingAuthenticationTokenException", 400, "message"),
    INCOMPLETE_SIGNATURE(ErrorType.SERVICE, "IncompleteSignatureException", 400, "message"),
    UNRECOGNIZED_CLIENT(ErrorType.SERVICE, "UnrecognizedClientException", 400, "message"),
    INVALID_SIGNATURE(ErrorType.SERVICE, "InvalidSignatureException", 400, "message"),
    REQUEST_TOO_LARGE(ErrorType.SERVICE, "RequestEntityTooLargeException", 413, "message"),
    SERVICE_UNAVAILABLE(ErrorType.SERVICE, "ServiceUnavailableException", 503, "message"),

    BACKUP_IN_USE("BackupInUseException"),
    BACKUP_NOT_FOUND("BackupNotFoundException"),
    CONDITIONAL_CHECK_FAILED("ConditionalCheckFailedException"),
    CONTINUOUS_BACKUPS_UNAVAILABLE("ContinuousBackupsUnavailableException"),
    DUPLICATE_ITEM("DuplicateItemException"),
    EXPIRED_ITERATOR("ExpiredIteratorException"),
    EXPORT_CONFLICT("ExportConflictException"),
    EXPORT_NOT_FOUND("ExportNotFoundException"),
    GLOBAL_TABLE_ALREADY_EXISTS("GlobalTableAlreadyExistsException"),
    GLOBAL_TABLE_NOT_FOUND("GlobalTableNotFoundException"),
    IDEMPOTENT_PARAMETER_MISMATCH(ErrorType.DYNAMODB, "IdempotentParameterMismatchException", 400, "Message"),
    IMPORT_CONFLICT("ImportConflictException"),
    IMPORT_NOT_FOUND("ImportNotFoundException"),
    INDEX_NOT_FOUND("IndexNotFoundException"),
    INTERNAL_SERVER_ERROR(ErrorType.DYNAMODB, "InternalServerError", 500, "message"),
    INVALID_ENDPOINT(ErrorType.DYNAMODB, "InvalidEndpointException", 421, "Message"),
    INVALID_EXPORT_TIME("InvalidExportTimeException"),
    INVALID_RESTORE_TIME("InvalidRestoreTimeException"),
    ITEM_COLLECTION_SIZE_LIMIT_EXCEEDED("ItemCollectionSizeLimitExceededException"),
    LIMIT_EXCEEDED("LimitExceededException"),
    POINT_IN_TIME_RECOVERY_UNAVAILABLE("PointInTimeRecoveryUnavailableException"),
    POLICY_NOT_FOUND("PolicyNotFoundException"),
    PROVISIONED_THROUGHPUT_EXCEEDED("ProvisionedThroughputExceededException"),
    REPLICA_ALREADY_EXISTS("ReplicaAlreadyExistsException"),
    REPLICA_NOT_FOUND("ReplicaNotFoundException"),
    REPLICATED_WRITE_CONFLICT("ReplicatedWriteConflictException"),
    REQUEST_LIMIT_EXCEEDED("RequestLimitExceeded"),
    RESOURCE_IN_USE("ResourceInUseException"),
    RESOURCE_NOT_FOUND("ResourceNotFoundException"),
    TABLE_ALREADY_EXISTS("TableAlreadyExistsException"),
    TABLE_IN_USE("TableInUseException"),
    TABLE_NOT_FOUND("TableNotFoundException"),
    THROTTLING("ThrottlingException"),
    TRANSACTION_CANCELED(ErrorType.DYNAMODB, "TransactionCanceledException", 400, "Message"),
    TRANSACTION_CONFLICT("TransactionConflictException"),
    TRANSACTION_IN_PROGRESS(ErrorType.DYNAMODB, "TransactionInProgressException", 400, "Message"),
    TRIMMED_DATA_ACCESS("TrimmedDataAccessException");

    private static final String DYNAMODB = "com.amazonaws.dynamodb.v20120810#";
    private static final String SERVICE = "com.amazon.coral.service#";
    private static final String VALIDATE = "com.amazon.coral.validate#";
    private static final Map<String, ErrorType> BY_CODE = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(ErrorType::code, Function.identity()));

    private final String namespace;
    private final String code;
    private final int status;
    private final String messageMember;

    ErrorType(String code) {
        this(ErrorType.DYNAMODB, code, 400, "message");
    }

    ErrorType(String namespace, String code, int status, String messageMember) {
        this.namespace = namespace;
        this.code = code;
        this.status = status;
        this.messageMember = messageMember;
    }

    /// The type that the model, or a batch's answer, has under this name; null for none.
    public static @Nullable ErrorType ofCode(String code) {
        return BY_CODE.get(code);
    }

    /// The name without its namespace: `ValidationException`.
    public String code() {
        return code;
    }

    /// What `__type` says.
    public String type() {
        return namespace + code;
    }

    public int status() {
        return status;
    }

    /// Under what the message stands: the service has it both ways.
    String messageMember() {
        return messageMember;
    }
}
