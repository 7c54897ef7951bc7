package dev.ermine.federation;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Agreement;
import dev.ermine.region.Agreement.BreakGlass;
import dev.ermine.region.Agreement.Relationship;
import dev.ermine.region.Denial;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.region.ReleaseTerms;
import dev.ermine.testing.OptOutLists;
import dev.ermine.trust.Requester;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Regions and agreements of the tests of decisions, chosen or by chance; small, so terms do meet.
 */
final class Worlds {

  static final LocalDate TODAY = LocalDate.of(2026, 6, 1);
  static final List<String> IDS = List.of("hwe", "london", "wessex");
  static final List<String> PURPOSES = List.of("TREAT", "ETREAT", "BTG", "HRESCH", "PATRQT");
  static final List<String> ROLES = List.of("R1", "R2", "R3");
  static final List<String> TYPES = List.of("Patient", "Flag");
  static final List<String> ORGANISATIONS = List.of("RQW", "RXX");
  static final List<String> CONTEXTS = List.of("AAL2_ANY", "AAL3_ANY");
  static final List<String> BASES = List.of("encounter", "referral");

  private Worlds() {}

  static Regions random(Random random) {
    List<Region> regions =
        IDS.stream()
            .map(
                id ->
                    region(
                        id,
                        random.nextInt(5) > 0
                            ? Region.Status.ACTIVE
                            : one(random, List.of(Region.Status.values())),
                        random.nextInt(6) > 0,
                        random.nextInt(6) > 0,
                        some(random, TYPES)))
            .toList();
    List<Agreement> agreements = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      agreements.add(agreement(random, "DSA-" + i));
    }
    List<Denial> denials = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      denials.add(denial(random, "STOP-" + i));
    }
    return regions(regions, agreements, denials);
  }

  /** The same with one agreement or denial more, less or other: what officers do. */
  static Regions changed(Regions version, Random random) {
    List<Agreement> agreements = new ArrayList<>(version.agreements());
    List<Denial> denials = new ArrayList<>(version.denials());
    switch (random.nextInt(3)) {
      case 0 -> agreements.add(agreement(random, "DSA-more"));
      case 1 -> {
        if (!agreements.isEmpty()) {
          agreements.removeLast();
        }
      }
      default -> {
        if (denials.isEmpty()) {
          denials.add(denial(random, "STOP-more"));
        } else {
          denials.removeLast();
        }
      }
    }
    return regions(version.regions(), agreements, denials);
  }

  static Regions regions(List<Region> regions, List<Agreement> agreements, List<Denial> denials) {
    return new Regions(
        1,
        "hash",
        new Regions.Gateway("ermine-east", new Organisation("QM7", "Herts"), Duration.ofSeconds(3)),
        regions,
        agreements,
        denials);
  }

  static Region region(String id) {
    return region(id, Region.Status.ACTIVE, true, true, Set.copyOf(TYPES));
  }

  static Region region(
      String id, Region.Status status, boolean asks, boolean answers, Set<String> types) {
    return new Region(
        new RegionId(id),
        id,
        new Organisation("RQW", id),
        status,
        Optional.empty(),
        asks
            ? Optional.of(
                new Region.Asks(
                    "https://" + id,
                    Region.Algorithm.ES256,
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    false))
            : Optional.empty(),
        answers ? Optional.of(answers(id, types)) : Optional.empty());
  }

  private static Region.Answers answers(String id, Set<String> types) {
    return new Region.Answers(
        URI.create("https://" + id + "/fhir"),
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
        types);
  }

  /** London releases Flag to HWE in 2026 for TREAT, role R1. */
  static Agreement agreement(String id) {
    return new Agreement(
        id,
        new RegionId("london"),
        Set.of(new RegionId("hwe")),
        Set.of(),
        purposes("TREAT"),
        Set.of("R1"),
        Set.of("Flag"),
        Relationship.REQUIRED,
        Optional.empty(),
        LocalDate.of(2026, 1, 1),
        LocalDate.of(2026, 12, 31));
  }

  static Agreement agreement(Random random, String id) {
    LocalDate from = TODAY.plusDays(random.nextInt(8) - 4);
    Set<String> purposes = some(random, PURPOSES);
    Set<String> roles = some(random, ROLES);
    return new Agreement(
        id,
        one(random, ids(IDS)),
        some(random, ids(IDS)),
        random.nextInt(3) > 0 ? Set.of() : Set.of(one(random, ORGANISATIONS)),
        purposes(purposes.toArray(String[]::new)),
        roles,
        some(random, TYPES),
        relationship(random),
        purposes.contains("BTG") && random.nextInt(4) > 0
            ? Optional.of(
                new BreakGlass(
                    some(random, List.copyOf(roles)), demanded(random), Optional.empty()))
            : Optional.empty(),
        from,
        from.plusDays(random.nextInt(8)),
        releaseReady(some(random, TYPES)));
  }

  /** One that meets the terms of the agreements here, or just does not. */
  static Requester.StepUp stepUp(Random random, Instant at) {
    return new Requester.StepUp(
        random.nextInt(5) > 0 ? Optional.of(one(random, CONTEXTS)) : Optional.empty(),
        random.nextInt(5) > 0
            ? Optional.of(at.minus(Duration.ofMinutes(random.nextInt(3) * 10L)))
            : Optional.empty());
  }

  private static Agreement.StepUp demanded(Random random) {
    return new Agreement.StepUp(
        Set.of(one(random, CONTEXTS)), Duration.ofMinutes(5 + random.nextInt(2) * 10L));
  }

  static Denial denial(Random random, String id) {
    LocalDate from = TODAY.plusDays(random.nextInt(8) - 4);
    return new Denial(
        id,
        maybe(random, some(random, ids(IDS))),
        maybe(random, some(random, ids(IDS))),
        maybe(random, Set.of(one(random, ORGANISATIONS))),
        maybe(random, purposes(one(random, PURPOSES))),
        maybe(random, some(random, ROLES)),
        maybe(random, some(random, TYPES)),
        from,
        random.nextBoolean() ? Optional.empty() : Optional.of(from.plusDays(random.nextInt(8))));
  }

  private static Relationship relationship(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Relationship.OPTIONAL;
      case 1 -> Relationship.REQUIRED;
      default -> new Relationship(true, Set.of(one(random, BASES)));
    };
  }

  /** Terms that mark those types as ready for patients. */
  private static ReleaseTerms releaseReady(Set<String> types) {
    ReleaseTerms usual = ReleaseTerms.DEFAULT;
    return new ReleaseTerms(
        usual.implicit(),
        usual.ceiling(),
        usual.law(),
        usual.restrictedPatients(),
        types,
        usual.telling(),
        usual.notice());
  }

  /** A register, in force throughout, on which nobody is. */
  static OptOuts optOuts() {
    return OptOutLists.of(TODAY.minusDays(20), TODAY.plusDays(20));
  }

  static Set<PurposeOfUse> purposes(String... codes) {
    Set<PurposeOfUse> purposes = new LinkedHashSet<>();
    List.of(codes).forEach(code -> purposes.add(new PurposeOfUse(code)));
    return purposes;
  }

  private static List<RegionId> ids(List<String> ids) {
    return ids.stream().map(RegionId::new).toList();
  }

  static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** At least one. */
  static <T> Set<T> some(Random random, List<T> all) {
    Set<T> some = new LinkedHashSet<>(List.of(one(random, all)));
    all.stream()
        .sorted((a, b) -> a.toString().compareTo(b.toString()))
        .forEach(
            each -> {
              if (random.nextBoolean()) {
                some.add(each);
              }
            });
    return some;
  }

  private static <T> Set<T> maybe(Random random, Set<T> term) {
    return random.nextBoolean() ? Set.of() : term;
  }
}
