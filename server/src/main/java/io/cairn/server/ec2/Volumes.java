package io.cairn.server.ec2;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Snapshot;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeLimits;
import io.cairn.block.VolumeType;
import io.cairn.server.xml.XmlWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Calls for volumes. Sizes are in GiB, as EC2 has them; `SizeBytes` is this server's own, for volumes as large as an image.
final class Volumes {
    private static final long GIB = 1L << 30;
    private static final String ZONE = "zone";
    private static final String SNAPSHOT = "snapshot";
    private static final String IOPS = "iops";
    private static final String THROUGHPUT = "throughput";
    /// The client's token of the request that made a volume, and a digest of what that asked for.
    private static final String TOKEN = "client-token";
    private static final String ASKED = "client-token-asked";
    private static final int MAX_TOKEN = 64;
    /// Held from the look for a token until its volume is there.
    private static final Object CREATION = new Object();

    private Volumes() {}

    static void create(Call call) {
        var form = call.form();
        var snapshotId = filled(form, "SnapshotId");
        var bytes = size(form);
        var type = type(form.text("VolumeType"), VolumeType.GP3);
        var attributes = new TreeMap<>(Map.of(ZONE, zone(call)));
        var tags = Tags.specified(form, "volume");
        Performance.of(type).put(form, attributes);
        boolean encrypted = form.flag("Encrypted");
        if (form.text("KmsKeyId") != null)
            throw Ec2RefusedException.of("UnsupportedOperation",
                    "This server has one master key for all of its volumes, and no KMS: leave KmsKeyId out.");
        if (form.flag("MultiAttachEnabled"))
            throw Ec2RefusedException.of("UnsupportedOperation",
                    "Every volume takes any number of NBD connections; there is nothing to enable.");
        var token = filled(form, "ClientToken");
        if (bytes == null && snapshotId == null)
            throw Ec2RefusedException.missing("size or snapshotId");
        if (snapshotId != null)
            attributes.put(SNAPSHOT, snapshotId);
        var asked = new NewVolume(bytes, type, tags, attributes, encrypted);
        if (token == null)
            create(call, asked, snapshotId);
        else
            synchronized (CREATION) {
                createOnce(call, token, asked, snapshotId);
            }
    }

    /// Null also for an empty text.
    private static @Nullable String filled(Form form, String name) {
        var text = form.text(name);
        return text == null || text.isEmpty() ? null : text;
    }

    private static void create(Call call, NewVolume asked, @Nullable String snapshotId) {
        Snapshot from = snapshotId == null ? null : Snapshots.find(call, snapshotId);
        call.begin();
        var definition = asked.definition(from);
        made(call, from == null
                ? call.store().createVolume(definition)
                : Snapshots.standing(from.id(), () -> call.store().createVolume(definition, from)));
    }

    /// It was made, even when it is deleted already.
    private static void made(Call call, Volume volume) {
        describe(call.xml(), volume, Pages.storedBytes(volume).orElse(0));
    }

    /// A request that is sent again, since its answer was lost, gets the volume that the first one made: also after a restart, and when its snapshot is deleted,
    /// as long as there is that volume (EC2 user guide, "Ensuring idempotency"). SDKs fill in tokens, and send again, by themselves.
    private static void createOnce(Call call, String token, NewVolume asked, @Nullable String snapshotId) {
        if (token.length() > MAX_TOKEN)
            throw Ec2RefusedException.invalid("A client token has up to " + MAX_TOKEN + " characters.");
        for (var volume : call.store().volumes()) {
            if (!token.equals(volume.attributes().get(TOKEN)))
                continue;
            if (!asked.hasDigest(volume.attributes().get(ASKED)))
                throw Ec2RefusedException.of("IdempotentParameterMismatch",
                        "The client token '" + token + "' was used with other parameters.");
            call.begin();
            made(call, volume);
            return;
        }
        create(call, asked.with(Map.of(TOKEN, token, ASKED, asked.digest())), snapshotId);
    }

    /// In bytes; null when the request says none.
    private static @Nullable Long size(Form form) {
        var exact = form.number("SizeBytes");
        var gibibytes = form.number("Size");
        if (exact != null)
            return exact;
        if (gibibytes == null)
            return null;
        if (gibibytes < 1 || gibibytes > VolumeDefinition.MAX_BYTES / GIB)
            throw Ec2RefusedException.invalid("Volume of " + gibibytes + " GiB is invalid; a volume has 1 to "
                    + VolumeDefinition.MAX_BYTES / GIB + " GiB.");
        return gibibytes * GIB;
    }

    private static VolumeType type(@Nullable String name, VolumeType otherwise) {
        if (name == null)
            return otherwise;
        for (var type : VolumeType.values())
            if (nameOf(type).equals(name))
                return type;
        throw Ec2RefusedException.of("InvalidParameterValue", "Value (" + name + ") for parameter volumeType is invalid.");
    }

    static String nameOf(VolumeType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static String zone(Call call) {
        var zone = call.form().text("AvailabilityZone");
        if (zone == null || zone.isEmpty())
            return call.settings().zone('a');
        for (char letter : new char[]{'a', 'b', 'c'})
            if (call.settings().zone(letter).equals(zone))
                return zone;
        throw Ec2RefusedException.of("InvalidZone.NotFound", "The zone '" + zone + "' does not exist.");
    }

    static VolumeLimits limits(VolumeDefinition definition) {
        return VolumeLimits.published(definition.type(), definition.sizeBytes(), provisioned(definition, IOPS),
                provisioned(definition, THROUGHPUT));
    }

    private static OptionalLong provisioned(VolumeDefinition definition, String attribute) {
        var text = definition.attributes().get(attribute);
        return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    /// What a type may be asked to do (EBS user guide, "Amazon EBS volume types"). Kept and told; enforced by a store that has [#limits].
    record Performance(@Nullable Kind iops, @Nullable Kind throughput) {
        /// @param usual of a new volume for which nothing is asked; 0 for none
        /// @param changed of a volume that becomes one of this type, when nothing is asked for (API reference, "ModifyVolume": the existing value is
        ///        retained with the type alone)
        record Kind(long least, long most, long usual, long changed) {}

        static Performance of(VolumeType type) {
            return switch (type) {
                case GP3 -> new Performance(new Kind(3000, 80_000, 3000, 3000), new Kind(125, 2000, 125, 125));
                case IO1 -> new Performance(new Kind(100, 64_000, 0, 3000), null);
                case IO2 -> new Performance(new Kind(100, 256_000, 0, 3000), null);
                case GP2, ST1, SC1, STANDARD, EPHEMERAL -> new Performance(null, null);
            };
        }

        /// Lets go what another type had: this one may not allow it.
        void change(Map<String, String> attributes) {
            change(IOPS, iops, attributes);
            change(THROUGHPUT, throughput, attributes);
        }

        private static void change(String name, @Nullable Kind kind, Map<String, String> attributes) {
            if (kind == null)
                attributes.remove(name);
            else
                attributes.put(name, Long.toString(kind.changed));
        }

        void put(Form form, Map<String, String> attributes) {
            put(form, "Iops", IOPS, iops, attributes);
            put(form, "Throughput", THROUGHPUT, throughput, attributes);
        }

        private static void put(Form form, String parameter, String name, @Nullable Kind kind, Map<String, String> attributes) {
            var asked = form.number(parameter);
            if (kind == null) {
                if (asked != null)
                    throw Ec2RefusedException.of("InvalidParameterCombination",
                            "The parameter " + name + " is not supported for this volume type.");
                attributes.remove(name);
                return;
            }
            if (asked == null && kind.usual == 0 && !attributes.containsKey(name))
                throw Ec2RefusedException.missing(name);
            if (asked != null && (asked < kind.least || asked > kind.most))
                throw Ec2RefusedException
                        .invalid("Volume " + name + " of " + asked + " is out of range; " + kind.least + " to " + kind.most
                                + " are allowed.");
            if (asked != null || !attributes.containsKey(name))
                attributes.put(name, Long.toString(asked == null ? kind.usual : asked));
        }
    }

    static void delete(Call call) {
        var volume = find(call, call.form().required("VolumeId"));
        call.begin();
        volume.delete();
        call.xml().element("return", true);
    }

    static Volume find(Call call, String id) {
        try {
            return call.store().volume(id);
        } catch (BlockRefusedException e) {
            throw notFound(id);
        }
    }

    private static Ec2RefusedException notFound(String id) {
        return Ec2RefusedException.of("InvalidVolume.NotFound", "The volume '" + id + "' does not exist.");
    }

    private static final Map<String, Function<Volume, String>> PROPERTIES = Map.of("volume-id", Volume::id, "size",
            volume -> Long.toString(gibibytes(volume.sizeBytes())), "status", _ -> "available", "volume-type",
            volume -> nameOf(volume.type()), "availability-zone", volume -> volume.attributes().getOrDefault(ZONE, ""),
            "snapshot-id",
            volume -> volume.attributes().getOrDefault(SNAPSHOT, ""), "encrypted", volume -> Boolean.toString(volume.encrypted()),
            "create-time",
            volume -> volume.created().toString());

    static void describe(Call call) {
        var form = call.form();
        var ids = form.list("VolumeId");
        List<Volume> volumes = ids.isEmpty() ? call.store().volumes() : ids.stream().map(id -> find(call, id)).toList();
        var page = Pages.of(form, Filters.apply(form, volumes, PROPERTIES));
        form.flag("IncludeManagedResources");
        call.begin();
        var xml = call.xml();
        Pages.write(xml, "volumeSet", page, (volume, stored) -> describe(xml, volume, stored),
                ids.isEmpty() ? null : Volumes::notFound);
    }

    private static void describe(XmlWriter xml, Volume volume, long storedBytes) {
        var attributes = volume.attributes();
        xml.element("volumeId", volume.id()).element("size", gibibytes(volume.sizeBytes()))
                .element("sizeBytes", volume.sizeBytes())
                .element("storedBytes", storedBytes).element("snapshotId", attributes.getOrDefault(SNAPSHOT, ""))
                .element("availabilityZone", attributes.getOrDefault(ZONE, "")).element("status", "available")
                .element("createTime", volume.created());
        xml.open("attachmentSet").close("attachmentSet"); // clients over NBD are no instances of EC2
        Tags.write(xml, volume.tags());
        xml.element("volumeType", nameOf(volume.type()));
        number(xml, IOPS, iops(volume.definition()));
        number(xml, THROUGHPUT, attributes.get(THROUGHPUT));
        xml.element("encrypted", volume.encrypted()).element("multiAttachEnabled", false);
    }

    private static void number(XmlWriter xml, String name, @Nullable String value) {
        if (value != null)
            xml.element(name, value);
    }

    /// What was provisioned; of gp2, which is not, the baseline of its size (API reference, "Volume").
    private static @Nullable String iops(VolumeDefinition definition) {
        return definition.type() == VolumeType.GP2
                ? Long.toString(limits(definition).operations().perSecond())
                : definition.attributes().get(IOPS);
    }

    /// Rounded up.
    static long gibibytes(long bytes) {
        return (bytes + GIB - 1) / GIB;
    }

    static void modify(Call call) {
        var form = call.form();
        var volume = find(call, form.required("VolumeId"));
        var bytes = size(form);
        var before = volume.definition();
        var asked = form.text("VolumeType");
        UnaryOperator<VolumeDefinition> change = definition -> {
            var type = type(asked, definition.type());
            var attributes = new HashMap<>(definition.attributes());
            var performance = Performance.of(type);
            if (type != definition.type())
                performance.change(attributes);
            performance.put(form, attributes);
            return new VolumeDefinition(bytes == null ? definition.sizeBytes() : bytes, type, definition.tags(), attributes,
                    definition.encrypted());
        };
        var _ = change.apply(before); // reads and checks all parameters
        form.flag("MultiAttachEnabled");
        call.begin();
        volume.alter(change);
        var after = volume.definition();
        var xml = call.xml().open("volumeModification").element("volumeId", volume.id()).element("modificationState",
                "completed");
        modified(xml, "target", after);
        modified(xml, "original", before);
        xml.element("progress", 100).close("volumeModification");
    }

    private static void modified(XmlWriter xml, String which, VolumeDefinition definition) {
        xml.element(which + "Size", gibibytes(definition.sizeBytes())).element(which + "VolumeType", nameOf(definition.type()));
        number(xml, which + "Iops", iops(definition));
        number(xml, which + "Throughput", definition.attributes().get(THROUGHPUT));
        xml.element(which + "MultiAttachEnabled", false);
    }
}
