package io.cairn.server.ec2;

/// A request that is not carried out, with EC2's code for why (API reference, "Error codes").
final class Ec2RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    private Ec2RefusedException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static Ec2RefusedException of(String code, String message) {
        return new Ec2RefusedException(400, code, message);
    }

    static Ec2RefusedException of(int status, String code, String message) {
        return new Ec2RefusedException(status, code, message);
    }

    static Ec2RefusedException missing(String parameter) {
        return of("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static Ec2RefusedException invalid(String message) {
        return of("InvalidParameterValue", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
