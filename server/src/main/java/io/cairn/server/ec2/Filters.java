package io.cairn.server.ec2;

import io.cairn.block.BlockDevice;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// `Filter.1.Name`, `Filter.1.Value.1`: what is described has, for each filter, one of its values; `*` and `?` stand for any characters and any one.
final class Filters {
    private Filters() {}

    /// Those of `devices` that all filters of the request let through.
    ///
    /// @param properties by a filter's name; tags are known
    static <T extends BlockDevice> List<T> apply(Form form, List<T> devices, Map<String, Function<T, String>> properties) {
        var left = devices;
        for (var filter : form.structures("Filter")) {
            var name = form.required(filter + ".Name");
            if (!name.equals("tag-key") && !name.startsWith("tag:") && !properties.containsKey(name))
                throw Ec2RefusedException.invalid("The filter '" + name + "' is invalid");
            var values = form.list(filter + ".Value");
            left = left.stream().filter(device -> matches(device, name, values, properties)).toList();
        }
        return left;
    }

    private static <T extends BlockDevice> boolean matches(T device, String name, List<String> values,
            Map<String, Function<T, String>> properties) {
        if (name.equals("tag-key"))
            return device.tags().keySet().stream().anyMatch(key -> any(values, key));
        if (name.startsWith("tag:")) {
            var value = device.tags().get(name.substring(4));
            return value != null && any(values, value);
        }
        return any(values, Objects.requireNonNull(properties.get(name)).apply(device));
    }

    private static boolean any(List<String> values, String text) {
        return values.stream().anyMatch(value -> matches(value, text));
    }

    /// Whether the pattern fits all of the text, in time of the product of their lengths at most: after a mismatch only the last `*` takes one character
    /// more, since what stood before it fits as early as it can.
    static boolean matches(String pattern, String text) {
        int p = 0;
        int star = -1;
        int starText = 0;
        for (int t = 0; t < text.length();) {
            char c = p < pattern.length() ? pattern.charAt(p) : 0;
            boolean escaped = c == '\\' && p + 1 < pattern.length();
            if (p < pattern.length() && c == '*') {
                star = p++;
                starText = t;
            } else if (p < pattern.length()
                    && (escaped ? pattern.charAt(p + 1) == text.charAt(t) : c == '?' || c == text.charAt(t))) {
                p += escaped ? 2 : 1;
                t++;
            } else if (star < 0)
                return false;
            else {
                p = star + 1;
                t = ++starText;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*')
            p++;
        return p == pattern.length();
    }
}
