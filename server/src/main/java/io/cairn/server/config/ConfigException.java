package io.cairn.server.config;

/// A setting that cannot be used. The message names where it stands, its value, and what would be right.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }
}
