package io.cairn.replication;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The ground floor knows nothing of what stands on it, nor of any wire. Each rule is also seen to fail on a planted class.
class ArchitectureTest {
    private static final String ROOT = "io.cairn.replication";

    private static JavaClasses shipped() {
        return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("testkit")).importPackages("io.cairn");
    }

    private static JavaClasses planted() {
        return new ClassFileImporter().importPackages(ROOT + ".planted");
    }

    /// What a public type's `open` makes stands in the internal rooms, which serve that type: this one way back is the door.
    private static ArchRule noCycles() {
        return slices().matching("io.cairn.(**)").should().beFreeOfCycles().ignoreDependency(resides(ROOT),
                resides(ROOT + ".internal.."));
    }

    private static DescribedPredicate<JavaClass> resides(String packages) {
        return JavaClass.Predicates.resideInAPackage(packages);
    }

    private static ArchRule importsNothingOf(String... packages) {
        return noClasses().that().resideInAPackage(ROOT + "..").should().dependOnClassesThat().resideInAnyPackage(packages);
    }

    @Test
    void hasNoPackageCycles() {
        noCycles().check(shipped());
        seesViolation(noCycles(), "planted.first");
    }

    @Test
    void knowsNoEngineAndNoWire() {
        var above = List.of("io.cairn.object..", "io.cairn.server..", "io.cairn.bench..", "io.netty..", "com.fasterxml..",
                "javax.xml..",
                "com.sun.net.httpserver..", "java.net.http..");
        importsNothingOf(above.toArray(String[]::new)).check(shipped());
        seesViolation(importsNothingOf("com.tngtech.."), "Upward");
    }

    private static void seesViolation(ArchRule rule, String where) {
        var refused = assertThrows(AssertionError.class, () -> rule.check(planted()));
        assertTrue(refused.toString().contains(where), refused.toString());
    }
}
