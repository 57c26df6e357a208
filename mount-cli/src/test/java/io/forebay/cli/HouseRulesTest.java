package io.forebay.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The directions between modules and packages, and what only one place may know. See docs/ARCHITECTURE.md. */
class HouseRulesTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(
                    "io.forebay.base", "io.forebay.blob", "io.forebay.cache", "io.forebay.fs", "io.forebay.cli");

    private static final DescribedPredicate<JavaClass> FUSE_LIBRARIES = resideInAnyPackage("ru.serce..", "jnr..");

    @Test
    void theWholeHouseIsLookedAt() {
        for (String module : List.of("base", "blob", "cache", "fs", "cli")) {
            assertThat(HOUSE.that(resideInAPackage("io.forebay." + module + "..")))
                    .as(module)
                    .isNotEmpty();
        }
    }

    @Test
    void modulesUseOnlyThoseBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("base")
                .definedBy("io.forebay.base..")
                .layer("blob")
                .definedBy("io.forebay.blob..")
                .layer("cache")
                .definedBy("io.forebay.cache..")
                .layer("fs")
                .definedBy("io.forebay.fs..")
                .layer("mount-cli")
                .definedBy("io.forebay.cli..")
                .whereLayer("mount-cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("fs")
                .mayOnlyBeAccessedByLayers("mount-cli")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("fs", "mount-cli")
                .whereLayer("blob")
                .mayOnlyBeAccessedByLayers("cache", "fs", "mount-cli")
                .check(HOUSE);
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.forebay.(base|blob|cache|fs)..")
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
        SlicesRuleDefinition.slices()
                .matching("io.forebay.cli.(*)..")
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
    }

    @Test
    void onlyTheAzureStoreKnowsTheSdk() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.blob.azure..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.azure..", "reactor..", "java.net.http.."))
                .check(HOUSE);
    }

    @Test
    void onlyTheDoorKnowsFuse() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.fs.jnrfuse..")
                .should()
                .dependOnClassesThat(FUSE_LIBRARIES)
                .check(HOUSE);
    }

    @Test
    void onlyTheKernelDoorCallsTheKernelDirectly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.forebay.fs.kernel..", "io.forebay.fs.jnrfuse..")
                .should()
                .dependOnClassesThat(resideInAPackage("java.lang.foreign.."))
                .check(HOUSE);
    }

    @Test
    void storesAndCachesKnowNoErrno() {
        noClasses()
                .that()
                .resideInAnyPackage("io.forebay.base..", "io.forebay.blob..", "io.forebay.cache..")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("Errno")
                .orShould()
                .dependOnClassesThat(FUSE_LIBRARIES)
                .check(HOUSE);
    }

    @Test
    void onlyTheAssemblyNamesImplementations() {
        noClasses()
                .that()
                .resideInAPackage("io.forebay.cli..")
                .and(DescribedPredicate.not(DescribedPredicate.describe(
                        "the assembly", type -> type.getName().startsWith("io.forebay.cli.Assembly"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.forebay.blob..",
                                "io.forebay.cache..",
                                "io.forebay.fs.jnrfuse..",
                                "io.forebay.fs.kernel..")
                        .and(DescribedPredicate.not(
                                DescribedPredicate.describe("what the doctor asks the kernel", type -> type.getName()
                                        .startsWith("io.forebay.fs.kernel.KernelOffer")))))
                .check(HOUSE);
    }

    @Test
    void onlyTheConfigurationFileKnowsYaml() {
        noClasses()
                .that()
                .doNotHaveSimpleName("YamlFile")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.snakeyaml.."))
                .check(HOUSE);
    }

    @Test
    void loggingIsSetUpInOnePlaceAndSpokenToThroughSlf4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.cli.log..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("ch.qos.logback..", "java.util.logging.."))
                .check(HOUSE);
    }

    @Test
    void onlyTheCommandLooksAtTheEnvironmentAndEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.cli..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class, String.class)
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(HOUSE);
    }

    @Test
    void timeAndSleepComeFromTheClock() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.base.time..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(HOUSE);
    }

    /** Except for names that only have to be unique: what happens does not depend on them. */
    @Test
    void randomnessIsHandedIn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.cli..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .check(HOUSE);
    }

    @Test
    void failuresAreOfTheOneFamily() {
        classes()
                .that()
                .areAssignableTo(Throwable.class)
                .and()
                .arePublic()
                .and(resideOutsideOfPackages("io.forebay.base.error.."))
                .should()
                .haveSimpleName("ConfigurationException")
                .because("how a caller goes on is decided by ForebayException; a configuration is no caller")
                .check(HOUSE);
    }

    @Test
    void nobodyPrintsButTheCommand() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.forebay.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(HOUSE);
    }
}
