package io.cairn.server.http;

import java.nio.charset.StandardCharsets;

/// Method names without making a string for the usual ones.
final class MethodNames {
    private static final String[] USUAL = {"GET", "PUT", "HEAD", "POST", "DELETE", "OPTIONS"};

    private MethodNames() {}

    static String name(byte[] bytes, int length) {
        for (var usual : USUAL)
            if (usual.length() == length && matches(usual, bytes))
                return usual;
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean matches(String name, byte[] bytes) {
        for (int i = 0; i < name.length(); i++)
            if (bytes[i] != name.charAt(i))
                return false;
        return true;
    }
}
