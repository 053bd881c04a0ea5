package io.cairn.server.ec2;

import io.cairn.block.BlockDevice;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

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
            var values = form.list(filter + ".Value").stream().map(Filters::pattern).toList();
            left = left.stream().filter(device -> matches(device, name, values, properties)).toList();
        }
        return left;
    }

    private static <T extends BlockDevice> boolean matches(T device, String name, List<Pattern> values,
            Map<String, Function<T, String>> properties) {
        if (name.equals("tag-key"))
            return device.tags().keySet().stream().anyMatch(key -> any(values, key));
        if (name.startsWith("tag:")) {
            var value = device.tags().get(name.substring(4));
            return value != null && any(values, value);
        }
        var property = properties.get(name);
        if (property == null)
            throw Ec2RefusedException.invalid("The filter '" + name + "' is invalid");
        return any(values, property.apply(device));
    }

    private static boolean any(List<Pattern> values, String text) {
        return values.stream().anyMatch(value -> value.matcher(text).matches());
    }

    private static Pattern pattern(String value) {
        var regex = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length())
                regex.append(Pattern.quote(value.substring(++i, i + 1)));
            else
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
