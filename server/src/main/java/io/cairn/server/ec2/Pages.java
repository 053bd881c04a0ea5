package io.cairn.server.ec2;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.server.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `MaxResults` and `NextToken`, in the order in which devices were made: a token says behind which place the page begins, so that whoever deletes what a page
/// shows gets the next one all the same.
final class Pages {
    private static final long LARGEST = 1000;
    private static final long SMALLEST = 5;
    private static final Comparator<BlockDevice> ORDER = Comparator.comparing(BlockDevice::created)
            .thenComparing(BlockDevice::id);

    private Pages() {}

    /// @param token empty for the last page
    record Page<T>(List<T> devices, String token) {}

    /// The members of one device in an answer.
    interface Item<T> { void write(T device, long storedBytes); }

    /// Writes a page. What was deleted since it was found is left out; but when it was asked for by its id, `missing` says how that is refused.
    ///
    /// @param missing of an id; null for what was not asked for by id
    static <T extends BlockDevice> void write(XmlWriter xml, String set, Page<T> page, Item<T> item,
            @Nullable Function<String, Ec2RefusedException> missing) {
        xml.open(set);
        for (var device : page.devices()) {
            var stored = storedBytes(device);
            if (stored.isEmpty() && missing != null)
                throw missing.apply(device.id());
            if (stored.isEmpty())
                continue;
            xml.open("item");
            item.write(device, stored.getAsLong());
            xml.close("item");
        }
        xml.close(set);
        if (!page.token().isEmpty())
            xml.element("nextToken", page.token());
    }

    /// Empty when the device is deleted.
    static OptionalLong storedBytes(BlockDevice device) {
        try {
            return OptionalLong.of(device.storedBytes());
        } catch (BlockRefusedException e) {
            if (e.reason() != Reason.NOT_FOUND)
                throw e;
            return OptionalLong.empty();
        }
    }

    static <T extends BlockDevice> Page<T> of(Form form, List<T> devices) {
        var most = form.number("MaxResults");
        var token = form.text("NextToken");
        if (most != null && (most < SMALLEST || most > LARGEST))
            throw Ec2RefusedException
                    .invalid("Value ( " + most + " ) for parameter maxResults is invalid. Expecting a value greater than "
                            + (SMALLEST - 1) + " and less than " + (LARGEST + 1) + ".");
        var ordered = devices.stream().sorted(ORDER).toList();
        int from = token == null ? 0 : behind(ordered, token);
        int to = (int) Math.min(ordered.size(), from + (most == null ? LARGEST : most));
        return new Page<>(ordered.subList(from, to), to == ordered.size() ? "" : token(ordered.get(to - 1)));
    }

    private static String token(BlockDevice last) {
        var place = last.created() + " " + last.id();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    private static int behind(List<? extends BlockDevice> ordered, String token) {
        try {
            var place = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", 2);
            var created = Instant.parse(place[0]);
            var id = place[1];
            int from = 0;
            while (from < ordered.size() && !isBehind(ordered.get(from), created, id))
                from++;
            return from;
        } catch (IllegalArgumentException | DateTimeParseException | ArrayIndexOutOfBoundsException e) {
            throw Ec2RefusedException.of("InvalidNextToken", "The token '" + token + "' is invalid or has expired");
        }
    }

    private static boolean isBehind(BlockDevice device, Instant created, String id) {
        int order = device.created().compareTo(created);
        return order > 0 || order == 0 && device.id().compareTo(id) > 0;
    }
}
