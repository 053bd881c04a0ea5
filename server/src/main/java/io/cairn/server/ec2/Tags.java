package io.cairn.server.ec2;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.server.xml.XmlWriter;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Tags of volumes and snapshots.
final class Tags {
    /// Unicode characters (API reference, "Tag").
    private static final int MAX_KEY = 127;
    private static final int MAX_VALUE = 256;

    private Tags() {}

    /// Those that a request gives to what it makes.
    ///
    /// @param type `volume` or `snapshot`
    static SortedMap<String, String> specified(Form form, String type) {
        var tags = new TreeMap<String, String>();
        for (var specification : form.structures("TagSpecification")) {
            var given = form.required(specification + ".ResourceType");
            if (!given.equals(type))
                throw Ec2RefusedException.invalid("'" + given + "' is not a valid taggable resource type for this operation.");
            read(form, specification + ".Tag", tags);
        }
        return tags;
    }

    private static void read(Form form, String name, Map<String, String> into) {
        for (var tag : form.structures(name)) {
            var key = form.required(tag + ".Key");
            var value = form.text(tag + ".Value");
            if (characters(key) > MAX_KEY || value != null && characters(value) > MAX_VALUE)
                throw Ec2RefusedException
                        .invalid("Tag '" + key + "': a key has up to " + MAX_KEY + " characters, a value up to " + MAX_VALUE);
            if (key.regionMatches(true, 0, "aws:", 0, 4))
                throw Ec2RefusedException.invalid("Tag keys starting with 'aws:' are reserved for internal use");
            if (into.put(key, value == null ? "" : value) != null)
                throw Ec2RefusedException.invalid("Duplicate tag key '" + key + "' specified.");
        }
        if (into.size() > VolumeDefinition.MAX_TAGS)
            throw Ec2RefusedException.of("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    static void create(Call call) {
        var form = call.form();
        var given = new TreeMap<String, String>();
        read(form, "Tag", given);
        var resources = form.list("ResourceId");
        if (resources.isEmpty())
            throw Ec2RefusedException.missing("resourceIdSet");
        if (given.isEmpty())
            throw Ec2RefusedException.missing("Tag");
        for (var id : resources)
            check(call, id, given);
        call.begin();
        for (var id : resources)
            change(call, id, given);
        call.xml().element("return", true);
    }

    /// Refuses what [#change] would refuse, so that all are given their tags or none, but for what others change meanwhile.
    private static void check(Call call, String id, Map<String, String> given) {
        try {
            BlockDevice device = id.startsWith("snap-") ? call.store().snapshot(id) : call.store().volume(id);
            var _ = with(device.tags(), given);
        } catch (BlockRefusedException e) {
            throw Ec2RefusedException.of(id.startsWith("snap-")
                    ? "InvalidSnapshot.NotFound"
                    : id.startsWith("vol-") ? "InvalidVolume.NotFound" : "InvalidID", "The ID '" + id + "' is not valid");
        }
    }

    private static void change(Call call, String id, Map<String, String> given) {
        if (id.startsWith("snap-"))
            Snapshots.standing(id, () -> {
                var snapshot = call.store().snapshot(id);
                snapshot.alter(
                        definition -> new SnapshotDefinition(with(definition.tags(), given), definition.attributes()));
                return snapshot;
            });
        else
            call.store().volume(id).alter(definition -> definition.withTags(with(definition.tags(), given)));
    }

    private static Map<String, String> with(Map<String, String> tags, Map<String, String> given) {
        var all = new TreeMap<>(tags);
        all.putAll(given);
        if (all.size() > VolumeDefinition.MAX_TAGS)
            throw Ec2RefusedException.of("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
        return all;
    }

    static void write(XmlWriter xml, Map<String, String> tags) {
        if (tags.isEmpty())
            return;
        xml.open("tagSet");
        new TreeMap<>(tags).forEach(
                (key, value) -> xml.open("item").element("key", shown(key)).element("value", shown(value)).close("item"));
        xml.close("tagSet");
    }

    /// A program that embeds the store may have put anything there: one such text must not make the whole answer unreadable.
    static String shown(String text) {
        return text.codePoints().allMatch(Form::isXml)
                ? text
                : text.codePoints().map(c -> Form.isXml(c) ? c : 0xFFFD)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
