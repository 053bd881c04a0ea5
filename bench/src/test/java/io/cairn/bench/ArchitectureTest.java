package io.cairn.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Measurements use what users use: public packages, and raw RocksDB beside them for comparison. That these rules can fail is shown
/// where the same ones stand in `server`.
class ArchitectureTest {
    private final com.tngtech.archunit.core.domain.JavaClasses shipped = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.cairn");

    @Test
    void hasNoPackageCycles() {
        slices().matching("io.cairn.bench.(**)").should().beFreeOfCycles().allowEmptyShould(true).check(shipped);
    }

    @Test
    void entersNoInternalRoom() {
        noClasses().that().resideInAPackage("io.cairn.bench..").should().dependOnClassesThat()
                .resideInAnyPackage("io.cairn.*.internal..", "io.cairn.server..").check(shipped);
    }
}
