package io.cairn.server.ec2;

import io.cairn.block.BlockDevice;
import java.util.List;

/// `MaxResults` and `NextToken`: a page begins behind the device that the token names.
final class Pages {
    private static final long LARGEST = 1000;
    private static final long SMALLEST = 5;

    private Pages() {}

    /// @param token empty for the last page
    record Page<T>(List<T> devices, String token) {}

    static <T extends BlockDevice> Page<T> of(Form form, List<T> devices) {
        var most = form.number("MaxResults");
        var token = form.text("NextToken");
        if (most != null && (most < SMALLEST || most > LARGEST))
            throw Ec2RefusedException
                    .invalid("Value ( " + most + " ) for parameter maxResults is invalid. Expecting a value greater than "
                            + (SMALLEST - 1) + " and less than " + (LARGEST + 1) + ".");
        int from = 0;
        if (token != null) {
            while (from < devices.size() && !devices.get(from).id().equals(token))
                from++;
            if (from == devices.size())
                throw Ec2RefusedException.of("InvalidNextToken", "The token '" + token + "' is invalid or has expired");
            from++;
        }
        int to = (int) Math.min(devices.size(), from + (most == null ? LARGEST : most));
        return new Page<>(devices.subList(from, to), to == devices.size() ? "" : devices.get(to - 1).id());
    }
}
