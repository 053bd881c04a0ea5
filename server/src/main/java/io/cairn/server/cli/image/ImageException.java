package io.cairn.server.cli.image;

import java.io.IOException;

/// A file is not an image that can be read here: damaged, or with a feature that is not known. The message is one line for people.
public final class ImageException extends IOException {
    private static final long serialVersionUID = 1;

    public ImageException(String message) {
        super(message);
    }
}
