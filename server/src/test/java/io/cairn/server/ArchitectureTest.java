package io.cairn.server;

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

/// What may know what, over all modules that the server stands on. Each rule is also seen to fail on a planted class.
class ArchitectureTest {
    private static final String ROOT = "io.cairn.server";

    private static JavaClasses shipped() {
        return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("testkit")).importPackages("io.cairn");
    }

    private static JavaClasses planted() {
        return new ClassFileImporter().importPackages(ROOT + ".planted", "io.cairn.object.internal.planted");
    }

    /// What a public type's `open` makes stands in the internal rooms, which serve that type: this one way back is the door.
    private static ArchRule noCycles() {
        return slices().matching("io.cairn.(**)").should().beFreeOfCycles()
                .ignoreDependency(resides("io.cairn.object"), resides("io.cairn.object.internal.."))
                .ignoreDependency(resides("io.cairn.kv"), resides("io.cairn.kv.internal.."))
                .ignoreDependency(resides("io.cairn.block"), resides("io.cairn.block.internal.."))
                .ignoreDependency(resides("io.cairn.replication"), resides("io.cairn.replication.internal.."));
    }

    private static DescribedPredicate<JavaClass> resides(String packages) {
        return JavaClass.Predicates.resideInAPackage(packages);
    }

    private static ArchRule importsPointDown() {
        return noClasses().that()
                .resideInAnyPackage("io.cairn.object..", "io.cairn.kv..", "io.cairn.block..", "io.cairn.replication..").should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "com.fasterxml..", "javax.xml..", "io.cairn.server..", "io.cairn.bench..");
    }

    private static ArchRule rocksDbBelongsToReplication() {
        return noClasses().that().resideOutsideOfPackages("io.cairn.replication..", "io.cairn.bench..").should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..");
    }

    /// @param module root package of a module with internal rooms
    private static ArchRule roomsArePrivate(String module) {
        return noClasses().that().resideOutsideOfPackage(module + "..").should().dependOnClassesThat()
                .resideInAPackage(module + ".internal..");
    }

    @Test
    void hasNoPackageCycles() {
        noCycles().check(shipped());
        seesViolation(noCycles(), "planted.first");
    }

    @Test
    void importsPointDownAndEnginesKnowNoWire() {
        importsPointDown().check(shipped());
        seesViolation(importsPointDown(), "Room.server");
        seesViolation(importsPointDown(), "Room.wire");
    }

    @Test
    void onlyReplicationTouchesRocksDb() {
        rocksDbBelongsToReplication().check(shipped());
        seesViolation(rocksDbBelongsToReplication(), "Reaching.store");
    }

    @Test
    void internalRoomsAreEnteredByTheirOwnModuleOnly() {
        for (var module : List.of("io.cairn.object", "io.cairn.kv", "io.cairn.block", "io.cairn.replication"))
            roomsArePrivate(module).check(shipped());
        seesViolation(roomsArePrivate("io.cairn.object"), "Reaching.room");
    }

    private static void seesViolation(ArchRule rule, String where) {
        var refused = assertThrows(AssertionError.class, () -> rule.check(planted()));
        assertTrue(refused.toString().contains(where), refused.toString());
    }
}
