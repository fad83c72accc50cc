package hrm.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which room may see which: the table in docs/architecture.md. */
@AnalyzeClasses(packages = "hrm", importOptions = DoNotIncludeTests.class)
class RoomsTest {
    private static final String FLINK = "org.apache.flink..";
    private static final List<String> ROOMS =
            List.of(
                    "model",
                    "importers",
                    "patterns",
                    "functions",
                    "sinks",
                    "jobs",
                    "simulator",
                    "embedded",
                    "sql",
                    "launcher",
                    "benchmarks");

    private static ArchRule room(String room, String why, String... sees) {
        var others =
                ROOMS.stream()
                        .filter(other -> !other.equals(room))
                        .filter(other -> !Arrays.asList(sees).contains(other))
                        .map(other -> "hrm." + other + "..")
                        .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("hrm." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because(why);
    }

    @ArchTest
    static final ArchRule MODEL = room("model", "everybody speaks its records, so it knows nobody");

    @ArchTest
    static final ArchRule MODEL_NEEDS_JACKSON_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("hrm.model..")
                    .should()
                    .dependOnClassesThat()
                    .resideOutsideOfPackages("hrm.model..", "java..", "com.fasterxml.jackson..")
                    .because("whoever reads a topic takes it along, with all that it needs");

    @ArchTest
    static final ArchRule IMPORTERS =
            room("importers", "a file is read alike whatever becomes of its readings", "model");

    @ArchTest
    static final ArchRule PATTERNS =
            room("patterns", "a gateway checks patterns without any detection", "model");

    @ArchTest
    static final ArchRule FUNCTIONS =
            room(
                    "functions",
                    "detection reaches no outside world: stream, backfill and tests feed it alike",
                    "model",
                    "patterns");

    @ArchTest
    static final ArchRule SINKS =
            room("sinks", "what is written does not depend on how it was found", "model");

    @ArchTest
    static final ArchRule JOBS =
            room(
                    "jobs",
                    "a cluster gets what it runs and nothing that plays or starts one",
                    "model",
                    "patterns",
                    "functions",
                    "sinks");

    @ArchTest
    static final ArchRule SIMULATOR =
            room(
                    "simulator",
                    "demo, tests and benchmarks share it, whatever they test",
                    "model",
                    "importers");

    @ArchTest
    static final ArchRule EMBEDDED =
            room("embedded", "it starts servers for anybody, and knows nothing of heart rates");

    @ArchTest
    static final ArchRule SQL =
            room("sql", "migrations run without any of the code that uses them");

    @ArchTest
    static final ArchRule FLINK_IN_PATTERNS =
            outsideOfFlinkPackages(
                    "hrm.patterns", "the language is checked where there is no Flink");

    @ArchTest
    static final ArchRule FLINK_IN_FUNCTIONS =
            outsideOfFlinkPackages(
                    "hrm.functions", "logic is tested without Flink, and moves with it unchanged");

    private static ArchRule outsideOfFlinkPackages(String room, String why) {
        return noClasses()
                .that()
                .resideInAPackage(room + "..")
                .and()
                .resideOutsideOfPackage(room + ".flink..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FLINK, "hrm.patterns.flink..", "hrm.functions.flink..")
                .because(why);
    }

    @ArchTest
    static final ArchRule NO_FLINK_AT_ALL =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            Stream.of("model", "importers", "simulator", "embedded", "sql")
                                    .map(room -> "hrm." + room + "..")
                                    .toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(FLINK)
                    .because("they are used where there is no Flink on the class path");
}
