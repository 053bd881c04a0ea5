package io.cairn.replication.testkit;

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
import org.junit.jupiter.api.Test;

/// What every engine's packages keep to: an engine knows the replicated log and no wire. Each rule is also seen to fail on a class that the engine plants
/// beside its tests, in `planted`, but that about the internal rooms of replication: the planted one for it stands in `server`.
public abstract class EngineArchitectureContract {
    private final String root;

    /// @param root the engine's package
    protected EngineArchitectureContract(String root) {
        this.root = root;
    }

    private static JavaClasses shipped() {
        return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("testkit")).importPackages("io.cairn");
    }

    private JavaClasses planted() {
        return new ClassFileImporter().importPackages(root + ".planted");
    }

    /// What a public type's `open` makes stands in the internal rooms, which serve that type: this one way back is the door.
    private ArchRule noCycles() {
        return slices().matching("io.cairn.(**)").should().beFreeOfCycles().ignoreDependency(resides(root),
                resides(root + ".internal.."))
                .ignoreDependency(resides("io.cairn.replication"), resides("io.cairn.replication.internal.."));
    }

    private static DescribedPredicate<JavaClass> resides(String packages) {
        return JavaClass.Predicates.resideInAPackage(packages);
    }

    private ArchRule noWire() {
        return noClasses().that().resideInAPackage(root + "..").should().dependOnClassesThat().resideInAnyPackage("io.netty..",
                "com.fasterxml..", "javax.xml..", "java.net.http..", "com.sun.net.httpserver..", "io.cairn.server..",
                "io.cairn.bench..");
    }

    private ArchRule noRocksDb() {
        return noClasses().that().resideInAPackage(root + "..").should().dependOnClassesThat().resideInAPackage("org.rocksdb..");
    }

    private ArchRule noInternalsOfReplication() {
        return noClasses().that().resideInAPackage(root + "..").should().dependOnClassesThat()
                .resideInAPackage("io.cairn.replication.internal..");
    }

    @Test
    void hasNoPackageCycles() {
        noCycles().check(shipped());
        seesViolation(noCycles(), "planted.first");
    }

    @Test
    void knowsNoWire() {
        noWire().check(shipped());
        seesViolation(noWire(), "Leaking.wire");
    }

    @Test
    void reachesRocksDbThroughReplicationOnly() {
        noRocksDb().check(shipped());
        seesViolation(noRocksDb(), "Leaking.store");
    }

    @Test
    void keepsOutOfTheInternalRoomsOfReplication() {
        noInternalsOfReplication().check(shipped());
    }

    private void seesViolation(ArchRule rule, String where) {
        var refused = assertThrows(AssertionError.class, () -> rule.check(planted()));
        assertTrue(refused.toString().contains(where), refused.toString());
    }
}
