package io.cairn.server.s3;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.server.xml.XmlWriter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How checksums are called on the wire, and their values.
final class ChecksumNames {
    static final String HEADER_PREFIX = "x-amz-checksum-";
    private static final String VALID = Arrays.stream(ChecksumAlgorithm.values()).map(Enum::name)
            .collect(Collectors.joining(", "));
    private static final Map<ChecksumAlgorithm, AsciiString> HEADERS = new EnumMap<>(ChecksumAlgorithm.class);
    private static final Map<ChecksumAlgorithm, String> ELEMENTS = new EnumMap<>(ChecksumAlgorithm.class);

    static {
        for (var algorithm : ChecksumAlgorithm.values()) {
            HEADERS.put(algorithm, AsciiString.cached(HEADER_PREFIX + algorithm.name().toLowerCase(Locale.ROOT)));
            ELEMENTS.put(algorithm, "Checksum" + algorithm.name());
        }
    }

    static AsciiString header(ChecksumAlgorithm algorithm) {
        return Objects.requireNonNull(HEADERS.get(algorithm));
    }

    static String element(ChecksumAlgorithm algorithm) {
        return Objects.requireNonNull(ELEMENTS.get(algorithm));
    }

    /// The algorithm of that name, in any case, or null.
    static @Nullable ChecksumAlgorithm algorithm(String name) {
        for (var algorithm : ChecksumAlgorithm.values())
            if (algorithm.name().equalsIgnoreCase(name))
                return algorithm;
        return null;
    }

    /// The algorithm of that name, or 400.
    static ChecksumAlgorithm required(String name) {
        var algorithm = algorithm(name);
        if (algorithm == null)
            throw Refusals.invalidRequest("Checksum algorithm provided is unsupported: " + name
                    + ". Please try again with any of the valid types: " + VALID);
        return algorithm;
    }

    static ChecksumType type(String name) {
        for (var type : ChecksumType.values())
            if (type.name().equalsIgnoreCase(name))
                return type;
        throw Refusals.invalidRequest("Value for x-amz-checksum-type header is invalid: " + name);
    }

    /// What a multipart upload's checksum is when only the algorithm is asked for.
    static ChecksumType usualType(ChecksumAlgorithm algorithm) {
        return algorithm == ChecksumAlgorithm.CRC64NVME ? ChecksumType.FULL_OBJECT : ChecksumType.COMPOSITE;
    }

    /// The bytes of a value as sent, a composite value's `-N` left out; 400 when it is not base64 of the right length.
    static byte[] value(ChecksumAlgorithm algorithm, String text) {
        int dash = text.indexOf('-');
        try {
            var value = Base64.getDecoder().decode(dash < 0 ? text : text.substring(0, dash));
            if (value.length == algorithm.bytes())
                return value;
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw Refusals.invalidRequest("Value for " + header(algorithm) + " header is invalid.");
    }

    /// Headers that tell an object's checksum.
    static void put(HttpHeaders headers, @Nullable Checksum checksum) {
        if (checksum == null)
            return;
        headers.set(header(checksum.algorithm()), checksum.text());
        headers.set("x-amz-checksum-type", checksum.type().name());
    }

    /// Writes `ChecksumCRC32` and the like; nothing when there is none.
    static Consumer<XmlWriter> element(@Nullable Checksum checksum) {
        return xml -> {
            if (checksum != null)
                xml.element(element(checksum.algorithm()), checksum.text());
        };
    }

    private ChecksumNames() {}
}
