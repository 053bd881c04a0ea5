package io.cairn.block.internal.engine;

import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.block.internal.row.VolumeRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// A volume as far as its row says what it is.
sealed interface RowVolume extends Volume permits LogVolume, EphemeralVolume {
    VolumeRow row();

    default int number() {
        return row().number();
    }

    @Override
    default String id() {
        return row().id();
    }

    @Override
    default VolumeDefinition definition() {
        return row().definition();
    }

    @Override
    default long sizeBytes() {
        return definition().sizeBytes();
    }

    @Override
    default VolumeType type() {
        return definition().type();
    }

    @Override
    default boolean encrypted() {
        return definition().encrypted();
    }

    @Override
    default Instant created() {
        return Instant.EPOCH.plus(row().createdMicros(), ChronoUnit.MICROS);
    }

    @Override
    default Map<String, String> tags() {
        return definition().tags();
    }

    @Override
    default Map<String, String> attributes() {
        return definition().attributes();
    }
}
