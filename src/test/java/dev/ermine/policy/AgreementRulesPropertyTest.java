package dev.ermine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Agreement;
import dev.ermine.region.Agreement.Relationship;
import dev.ermine.region.Denial;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of the rules for any agreements and any question. Small worlds, so terms do meet. */
class AgreementRulesPropertyTest {

  private static final int WORLDS = 8_000;
  private static final List<RegionId> IDS =
      List.of(new RegionId("hwe"), new RegionId("london"), new RegionId("wessex"));
  private static final List<String> PURPOSES =
      List.of("TREAT", "ETREAT", "BTG", "POPHLTH", "HRESCH", "PATRQT", "FAMRQT");

  private static final List<String> CONTEXTS = List.of("AAL2_ANY", "AAL3_ANY");

  private static final Set<String> NEEDS_NO_REGISTER =
      Set.of("TREAT", "ETREAT", "BTG", "PATRQT", "FAMRQT");

  /** What each of these stands beneath. */
  private static final Map<String, Set<String>> ABOVE =
      Map.of(
          "ETREAT", Set.of("TREAT"),
          "BTG", Set.of("TREAT", "ETREAT"),
          "POPHLTH", Set.of("TREAT"),
          "FAMRQT", Set.of("PATRQT"));

  private static final List<String> ROLES = List.of("R1", "R2", "R3");
  private static final List<String> TYPES = List.of("Patient", "Observation", "Binary");

  /** Some agreements, one question, one moment. */
  private record World(
      List<Agreement> agreements, Question question, Instant at, boolean optOutsKnown) {

    Decision decide() {
      return decide(Parties.regions(agreements), question.type());
    }

    Decision decide(Regions version, String type) {
      return new AgreementRules(version)
          .standing(question.requester(), at, optOutsKnown)
          .apply(question.releasing())
          .decide(type);
    }

    boolean permits() {
      return decide() instanceof Permit;
    }

    World with(List<Agreement> others) {
      return new World(others, question, at, optOutsKnown);
    }
  }

  @Test
  void permitsExactlyWhenOneAgreementMeetsEveryTerm() {
    int permits = 0;
    int broken = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(new Random(seed));
      List<String> meeting =
          world.agreements.stream().filter(each -> meets(each, world)).map(Agreement::id).toList();

      assertThat(world.permits()).as("seed %d", seed).isEqualTo(!meeting.isEmpty());
      if (!meeting.isEmpty()) {
        assertThat(world.decide().rules()).as("seed %d", seed).isEqualTo(meeting);
        permits++;
        broken += world.question.requester().breaksGlass() ? 1 : 0;
      }
    }
    assertThat(permits).as("worlds with a permit").isGreaterThan(WORLDS / 120);
    assertThat(broken).as("permits to break the glass").isGreaterThan(WORLDS / 1000);
  }

  @Test
  void anotherAgreementNeverTakesPermitAway() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      List<Agreement> more = new ArrayList<>(world.agreements);
      more.add(random.nextInt(more.size() + 1), agreement(random, "DSA-more"));

      if (world.permits()) {
        assertThat(world.with(more).permits()).as("seed %d", seed).isTrue();
      }
    }
  }

  @Test
  void denialNeverPermitsMoreAndDeniesWhatMeetsIt() {
    int denied = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      Denial denial = denial(random);
      Decision after =
          world.decide(Parties.regions(world.agreements, List.of(denial)), world.question.type());

      if (meets(denial, world)) {
        assertThat(after).as("seed %d", seed).isEqualTo(new Decision.Deny(List.of("STOP")));
        denied += world.permits() ? 1 : 0;
      } else {
        assertThat(after).as("seed %d", seed).isEqualTo(world.decide());
      }
    }
    assertThat(denied).as("permits that a denial took away").isGreaterThan(WORLDS / 500);
  }

  /** As the denial's page would say it. */
  private static boolean meets(Denial denial, World world) {
    Requester asker = world.question.requester();
    LocalDate day = world.at.atZone(ZoneId.of("Europe/London")).toLocalDate();
    return (denial.releases().isEmpty()
            || denial.releases().contains(world.question.releasing().id()))
        && (denial.to().isEmpty() || denial.to().contains(asker.region()))
        && (denial.types().isEmpty() || denial.types().contains(world.question.type()))
        && (denial.roles().isEmpty()
            || asker.roles().stream().anyMatch(role -> denial.roles().contains(role.code())))
        && (denial.purposes().isEmpty()
            || asker.purposes().stream().anyMatch(purpose -> denies(denial, purpose)))
        && !day.isBefore(denial.from())
        && (denial.until().isEmpty() || !day.isAfter(denial.until().get()));
  }

  private static boolean denies(Denial denial, PurposeOfUse purpose) {
    return denial.purposes().contains(purpose)
        || ABOVE.getOrDefault(purpose.code(), Set.of()).stream()
            .map(PurposeOfUse::new)
            .anyMatch(denial.purposes()::contains);
  }

  private static Denial denial(Random random) {
    LocalDate from = LocalDate.of(2022, 5, 30).plusDays(random.nextInt(6));
    return new Denial(
        "STOP",
        maybe(random, some(random, IDS)),
        maybe(random, some(random, IDS)),
        Set.of(),
        maybe(random, Parties.purposes(one(random, PURPOSES))),
        maybe(random, some(random, ROLES)),
        maybe(random, some(random, TYPES)),
        from,
        random.nextBoolean() ? Optional.empty() : Optional.of(from.plusDays(random.nextInt(6))));
  }

  private static <T> Set<T> maybe(Random random, Set<T> term) {
    return random.nextBoolean() ? Set.of() : term;
  }

  @Test
  void fewerTermsNeverCreatePermit() {
    List<UnaryOperator<Agreement>> narrowings =
        List.of(
            a -> with(a, fewer(a.purposes()), a.roles(), a.types()),
            a -> with(a, a.purposes(), fewer(a.roles()), a.types()),
            a -> with(a, a.purposes(), a.roles(), fewer(a.types())));
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      UnaryOperator<Agreement> narrow = narrowings.get(random.nextInt(narrowings.size()));

      if (!world.permits()) {
        List<Agreement> narrower = world.agreements.stream().map(narrow).toList();
        assertThat(world.with(narrower).permits()).as("seed %d", seed).isFalse();
      }
    }
  }

  @Test
  void dependsOnNoOtherPairsAgreements() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(new Random(seed));
      List<Agreement> ours =
          world.agreements.stream().filter(each -> between(each, world)).toList();

      assertThat(world.with(ours).decide()).as("seed %d", seed).isEqualTo(world.decide());
      if (ours.isEmpty()) {
        assertThat(world.decide().rules()).as("seed %d", seed).containsExactly("default-deny");
      }
    }
  }

  @Test
  void severalTypesAreDecidedAsEachAlone() {
    for (long seed = 0; seed < WORLDS; seed++) {
      World world = world(new Random(seed));
      Question question = world.question;
      Regions version = Parties.regions(world.agreements);
      RegionDecision together =
          new AgreementRules(version)
              .standing(question.requester(), world.at, world.optOutsKnown)
              .apply(question.releasing())
              .decide(TYPES);
      for (int i = 0; i < TYPES.size(); i++) {
        assertThat(together.decisions().get(i))
            .as("seed %d", seed)
            .isEqualTo(world.decide(version, TYPES.get(i)));
      }
    }
  }

  /** What is found once for a pair of regions is what is found anew for each question. */
  @Test
  void decidesAsThePlainRulesDo() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      List<Denial> denials = denials(random);
      Region releasing = world.question.releasing();
      Regions version = version(world, denials);
      AgreementRules compiled = new AgreementRules(version);
      PlainRules plain = new PlainRules(version);

      for (int again = 0; again < 2; again++) {
        RegionDecision decision =
            compiled
                .standing(world.question.requester(), world.at, world.optOutsKnown)
                .apply(releasing)
                .decide(TYPES);
        List<String> permitted = new ArrayList<>();
        for (String type : TYPES) {
          Decision expected =
              plain.decide(
                  new Question(world.question.requester(), releasing, type),
                  world.at,
                  world.optOutsKnown);
          assertThat(decision.decisions().get(TYPES.indexOf(type)))
              .as("seed %d, %s", seed, type)
              .isEqualTo(expected);
          if (expected instanceof Permit) {
            permitted.add(type);
          }
        }
        assertThat(
                compiled
                    .standing(world.question.requester(), world.at, world.optOutsKnown)
                    .apply(releasing)
                    .permitted())
            .as("seed %d", seed)
            .containsExactlyInAnyOrderElementsOf(permitted);
      }
    }
  }

  private static List<Denial> denials(Random random) {
    List<Denial> denials = new ArrayList<>();
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      denials.add(denial(random));
    }
    return denials;
  }

  /** In half of the worlds the version has the regions, so that what is found once is kept. */
  private static Regions version(World world, List<Denial> denials) {
    Regions bare = Parties.regions(world.agreements, denials);
    return new Regions(
        bare.serial(),
        bare.hash(),
        bare.gateway(),
        world.at.getEpochSecond() / 86400 % 2 == 0
            ? List.of()
            : List.of(
                world.question.releasing(), Parties.silent(world.question.requester().region())),
        bare.agreements(),
        bare.denials());
  }

  /** A scope takes away what it leaves out, and does nothing else. */
  @Test
  void scopeLeavesExactlyThePermitsThatAreWithinIt() {
    int taken = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      World world = world(random);
      Scope scope = new Scope(Optional.of(some(random, TYPES)));
      Question question = world.question;
      Question narrowed =
          new Question(
              Parties.within(question.requester(), scope), question.releasing(), question.type());
      Decision after = new World(world.agreements, narrowed, world.at, world.optOutsKnown).decide();

      if (scope.covers(question.type())) {
        assertThat(after).as("seed %d", seed).isEqualTo(world.decide());
      } else {
        assertThat(after).as("seed %d", seed).isEqualTo(new Decision.Deny(List.of("scope")));
        taken += world.permits() ? 1 : 0;
      }
    }
    assertThat(taken).as("permits that a scope took away").isGreaterThan(WORLDS / 500);
  }

  /** The terms as the agreement's page would say them: the judge, written without the index. */
  private static boolean meets(Agreement agreement, World world) {
    Requester asker = world.question.requester();
    LocalDate day = world.at.atZone(ZoneId.of("Europe/London")).toLocalDate();
    return between(agreement, world)
        && asker.purposes().stream().allMatch(agreement.purposes()::contains)
        && asker.roles().stream()
            .anyMatch(
                role ->
                    role.system().endsWith("SDSJobRoleName")
                        && agreement.roles().contains(role.code()))
        && agreement.types().contains(world.question.type())
        && (agreement.organisations().isEmpty()
            || agreement.organisations().contains(asker.organisation().ods()))
        && related(agreement.relationship(), asker)
        && (!asker.purposes().contains(PurposeOfUse.BREAK_THE_GLASS)
            || (mayBreakGlass(agreement, asker) && steppedUp(agreement, world)))
        && agreement.inForce(day)
        && (world.optOutsKnown
            || asker.purposes().stream().allMatch(it -> NEEDS_NO_REGISTER.contains(it.code())))
        && (asker.purposes().stream().noneMatch(it -> it.code().endsWith("RQT"))
            || (agreement.terms().releaseReady().contains(world.question.type())
                && !world.question.type().equals("Binary")))
        && world
            .question
            .releasing()
            .answers()
            .orElseThrow()
            .types()
            .contains(world.question.type());
  }

  private static boolean related(Relationship demanded, Requester asker) {
    return !demanded.required()
        || (asker.relationship().isPresent()
            && (demanded.bases().isEmpty()
                || demanded.bases().contains(asker.relationship().get().basis())));
  }

  private static boolean mayBreakGlass(Agreement agreement, Requester asker) {
    return agreement.breakGlass().isPresent()
        && asker.breakGlassReason().isPresent()
        && asker.patient().isPresent()
        && asker.roles().stream()
            .anyMatch(role -> agreement.breakGlass().get().roles().contains(role.code()));
  }

  private static boolean steppedUp(Agreement agreement, World world) {
    Requester asker = world.question.requester();
    Agreement.StepUp demanded = agreement.breakGlass().orElseThrow().stepUp();
    Optional<Instant> proven = asker.stepUp().at();
    return !asker.ownRecord()
        && asker.stepUp().context().filter(demanded.contexts()::contains).isPresent()
        && proven.isPresent()
        && !proven.get().plus(demanded.age()).isBefore(world.at)
        && !proven.get().minusSeconds(60).isAfter(world.at);
  }

  private static boolean between(Agreement agreement, World world) {
    return agreement.releases().equals(world.question.releasing().id())
        && agreement.to().contains(world.question.requester().region());
  }

  private static World world(Random random) {
    List<Agreement> agreements = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      agreements.add(agreement(random, "DSA-" + i));
    }
    Requester asker =
        Parties.requester(
            one(random, IDS),
            some(random, ROLES).stream().map(Parties::role).toList(),
            random.nextBoolean()
                ? Optional.of(one(random, List.of("encounter", "referral")))
                : Optional.empty(),
            oneOrTwo(random).toArray(String[]::new));
    Instant at = Instant.parse("2022-06-01T23:30:00Z").plus(random.nextInt(5), ChronoUnit.DAYS);
    Question question =
        new Question(
            random.nextInt(4) > 0 ? breaking(random, asker, at) : asker,
            Parties.region(one(random, IDS), some(random, TYPES).toArray(String[]::new)),
            one(random, TYPES));
    return new World(List.copyOf(agreements), question, at, random.nextBoolean());
  }

  private static Requester breaking(Random random, Requester asker, Instant at) {
    return Parties.breaking(
        asker,
        Optional.of("unconscious"),
        random.nextInt(4) > 0,
        new Requester.StepUp(
            random.nextInt(9) > 0 ? Optional.of(one(random, CONTEXTS)) : Optional.empty(),
            random.nextInt(9) > 0
                ? Optional.of(at.minusSeconds(one(random, List.of(-61L, -60L, 0L, 0L, 900L, 901L))))
                : Optional.empty()),
        random.nextInt(9) == 0);
  }

  private static Agreement agreement(Random random, String id) {
    LocalDate from = LocalDate.of(2022, 5, 30).plusDays(random.nextInt(6));
    return new Agreement(
        id,
        one(random, IDS),
        some(random, IDS),
        random.nextInt(3) > 0 ? Set.of() : Set.of(one(random, List.of("RQW", "RXX"))),
        Parties.purposes(some(random, PURPOSES).toArray(String[]::new)),
        some(random, ROLES),
        some(random, TYPES),
        relationship(random),
        random.nextInt(3) > 0
            ? Optional.of(
                new Agreement.BreakGlass(
                    some(random, ROLES),
                    new Agreement.StepUp(
                        some(random, CONTEXTS), Duration.ofMinutes(random.nextInt(2) * 15L)),
                    Optional.empty()))
            : Optional.empty(),
        from,
        from.plusDays(random.nextInt(6)),
        Parties.releaseReady(some(random, TYPES)));
  }

  private static Relationship relationship(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Relationship.OPTIONAL;
      case 1 -> Relationship.REQUIRED;
      default -> new Relationship(true, Set.of("encounter"));
    };
  }

  private static Agreement with(
      Agreement a, Set<PurposeOfUse> purposes, Set<String> roles, Set<String> types) {
    return new Agreement(
        a.id(),
        a.releases(),
        a.to(),
        a.organisations(),
        purposes,
        roles,
        types,
        a.relationship(),
        a.breakGlass(),
        a.from(),
        a.until(),
        a.terms());
  }

  /** All but the first, sorted: the order of an immutable set differs from run to run. */
  private static <T> Set<T> fewer(Set<T> all) {
    return all.stream()
        .sorted(Comparator.comparing(Object::toString))
        .skip(1)
        .collect(Collectors.toSet());
  }

  private static <T> T one(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static <T> Set<T> some(Random random, List<T> all) {
    return all.stream().filter(each -> random.nextInt(3) > 0).collect(Collectors.toSet());
  }

  /** Breaking the glass takes most, and would seldom be met among so many purposes. */
  private static List<String> oneOrTwo(Random random) {
    String first = random.nextInt(3) == 0 ? "BTG" : one(random, PURPOSES);
    return random.nextBoolean()
        ? List.of(first)
        : Stream.of(first, one(random, PURPOSES)).distinct().toList();
  }
}
