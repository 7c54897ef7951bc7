package dev.ermine;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The floors of the house: arrows point downward only. */
class ArchitectureTest {

  /** From the ground up. */
  private static final List<String> FLOORS =
      List.of(
          "fhir",
          "region",
          "trust",
          "policy",
          "audit",
          "merge",
          "federation",
          "trace",
          "peer",
          "http",
          "app");

  private static final List<String> CORE = FLOORS.subList(0, FLOORS.indexOf("trace"));

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.ermine");

  @TestFactory
  List<DynamicTest> noFloorKnowsAFloorAboveIt() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int floor = 0; floor < FLOORS.size() - 1; floor++) {
      String below = FLOORS.get(floor);
      String[] above = packages(FLOORS.subList(floor + 1, FLOORS.size()));
      ArchRule rule =
          noClasses()
              .that()
              .resideInAPackage("dev.ermine." + below)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(above)
              .because("arrows point downward only");
      tests.add(DynamicTest.dynamicTest(below, () -> rule.check(HOUSE)));
    }
    return tests;
  }

  @Test
  void everyClassStandsOnAFloor() {
    classes().should().resideInAnyPackage(packages(FLOORS)).check(HOUSE);
  }

  @Test
  void theTwoEdgesDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.ermine.http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.ermine.peer")
        .check(HOUSE);
  }

  @Test
  void nothingBelowTheFrameworkLineKnowsAFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(packages(CORE))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..", "io.vertx..", "io.netty..", "io.smallrye..", "jakarta..", "org.jboss..")
        .check(HOUSE);
  }

  @Test
  void librariesStayOnTheirFloors() {
    onlyOn("com.nimbusds..", "trust");
    onlyOn("io.opentelemetry..", "trace");
    onlyOn("com.github.benmanes.caffeine..", "trust");
    onlyOn("com.networknt..", "region");
    onlyOn("org.yaml.snakeyaml..", "region");
    onlyOn("systems.uom..", "merge");
    onlyOn("tech.units..", "merge");
    onlyOn("javax.measure..", "merge");
    onlyOn("io.micrometer..", "app");
    onlyOn("picocli..", "app");
    onlyOn("org.jboss.logmanager..", "app");
    onlyOn("org.eclipse.microprofile.health..", "app");
    noClasses()
        .that()
        .resideInAnyPackage(packages(List.of("policy", "merge", "federation")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(HOUSE);
  }

  /**
   * What nobody but the class around it sees may be on its way somewhere: the place of a parser.
   */
  @Test
  void everyFieldOfTheCoreIsFinalUnlessItIsGuarded() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(packages(List.of("policy", "merge", "federation")))
        .and()
        .areDeclaredInClassesThat()
        .areNotPrivate()
        .and()
        .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.VOLATILE)
        .should()
        .beFinal()
        .check(HOUSE);
  }

  @Test
  void oneClassWires() {
    methods()
        .that()
        .areAnnotatedWith("jakarta.enterprise.inject.Produces")
        .should()
        .beDeclaredInClassesThat()
        .haveFullyQualifiedName("dev.ermine.app.Wiring")
        .check(HOUSE);
  }

  @Test
  void noCycles() {
    slices().matching("dev.ermine.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  private static void onlyOn(String library, String... floors) {
    noClasses()
        .that(not(resideInAnyPackage(packages(Arrays.asList(floors)))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(HOUSE);
  }

  private static String[] packages(List<String> floors) {
    return floors.stream().map(floor -> "dev.ermine." + floor + "..").toArray(String[]::new);
  }
}
