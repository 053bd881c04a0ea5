/// Configuration: defaults, then `cairn.toml`, then `CAIRN_*` variables, then options, with the same names in all four.
/// Start reading at [io.cairn.server.config.Settings].
@org.jspecify.annotations.NullMarked
package io.cairn.server.config;
