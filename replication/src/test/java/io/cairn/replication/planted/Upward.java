package io.cairn.replication.planted;

import com.tngtech.archunit.core.domain.JavaClass;

/// Imports what this module has no business with; the rule is run with that package as forbidden.
public record Upward(JavaClass seen) {}
