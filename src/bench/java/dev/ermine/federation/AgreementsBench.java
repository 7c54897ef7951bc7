package dev.ermine.federation;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementRules;
import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Deciding one query's agreements: whom it asks for what, and what each may disclose, over 42
 * regions and 15 types, with an agreement for each and a few denials. At most 20 µs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AgreementsBench {

  private static final int REGIONS = 42;
  private static final List<String> TYPES =
      List.of(
          "Patient",
          "AllergyIntolerance",
          "Condition",
          "MedicationRequest",
          "MedicationStatement",
          "Medication",
          "Observation",
          "Encounter",
          "Procedure",
          "Immunization",
          "DiagnosticReport",
          "DocumentReference",
          "Binary",
          "Flag",
          "CarePlan");

  private final Regions version = version();
  private final Function<Regions, AgreementRules> rules = AgreementRules.ofLatest();
  private final Instant at = Instant.parse("2026-06-01T12:00:00Z");
  private final Requester agreed = enquirer("R8000").requester();
  private final Requester denied = enquirer("R0001").requester();

  /** A doctor whom every agreement permits. */
  @Benchmark
  public Object permitted() {
    return Plan.of(rules.apply(version), agreed, TYPES, Wishes.NONE, at, false);
  }

  /** A role that every agreement denies, and one denial. */
  @Benchmark
  public Object refused() {
    return Plan.of(rules.apply(version), denied, TYPES, Wishes.NONE, at, false);
  }

  private static Enquirer enquirer(String role) {
    return new Enquirer(
        new RegionId("r0"),
        "RQW",
        Set.of(new PurposeOfUse("TREAT")),
        Set.of(role),
        Optional.of("encounter"),
        Optional.empty(),
        true);
  }

  private static Regions version() {
    List<Region> regions = IntStream.range(0, REGIONS).mapToObj(AgreementsBench::region).toList();
    List<Agreement> agreements = new ArrayList<>();
    for (int i = 1; i < REGIONS; i++) {
      agreements.add(agreement(i));
    }
    return new Regions(
        1,
        "hash",
        new Regions.Gateway("ermine", new Organisation("QM7", "Herts"), Duration.ofSeconds(3)),
        regions,
        agreements,
        List.of(
            denial("STOP-1", Set.of(), Set.of("R0001"), Set.of("Flag")),
            denial("STOP-2", Set.of(new PurposeOfUse("HRESCH")), Set.of(), Set.of()),
            denial("STOP-3", Set.of(new PurposeOfUse("HMARKT")), Set.of(), Set.of())));
  }

  private static Region region(int number) {
    String id = "r" + number;
    Region.Answers answers =
        new Region.Answers(
            URI.create("https://" + id + ".example/fhir"),
            List.of(),
            List.of(),
            Optional.empty(),
            new Region.Token(
                "aud", Region.Algorithm.ES256, Region.Token.TokenUse.QUERY, Optional.empty()),
            Region.Lookup.TWO_STEP,
            Region.Search.POST,
            true,
            Duration.ofMillis(1500),
            new Region.Limits(32, 8_000_000, 2000, 20, 50),
            new LinkedHashSet<>(TYPES));
    return new Region(
        new RegionId(id),
        id,
        new Organisation("QMJ", id),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(answers));
  }

  private static Agreement agreement(int number) {
    return new Agreement(
        "DSA-2026-R" + number,
        new RegionId("r" + number),
        Set.of(new RegionId("r0"), new RegionId("r" + (number % 41 + 1))),
        Set.of(),
        Set.of(new PurposeOfUse("TREAT"), new PurposeOfUse("ETREAT")),
        Set.of("R8000", "R8001", "R8003"),
        Set.copyOf(TYPES),
        Agreement.Relationship.REQUIRED,
        Optional.empty(),
        LocalDate.of(2021, 12, 1),
        LocalDate.of(2027, 11, 30));
  }

  private static Denial denial(
      String id, Set<PurposeOfUse> purposes, Set<String> roles, Set<String> types) {
    return new Denial(
        id,
        Set.of(),
        Set.of(),
        Set.of(),
        purposes,
        roles,
        types,
        LocalDate.of(2021, 12, 1),
        Optional.empty());
  }
}
