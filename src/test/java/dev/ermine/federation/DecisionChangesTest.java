package dev.ermine.federation;

import static dev.ermine.federation.Worlds.TODAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Sharing.Term;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementRules;
import dev.ermine.region.Agreement;
import dev.ermine.region.Agreement.Relationship;
import dev.ermine.region.Denial;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecisionChangesTest {

  private static final int WORLDS = 300;
  private static final List<String> WITHIN = List.of(" within PT5M", " within PT15M");

  /** One question, as a token states it. */
  private record Cell(
      RegionId asking,
      RegionId releasing,
      String organisation,
      Set<PurposeOfUse> purposes,
      Set<String> roles,
      String basis,
      String type,
      String context,
      LocalDate day) {

    /** The judge: the plan of a whole query. */
    boolean isPermittedBy(Regions version) {
      Instant at = day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
      Enquirer enquirer =
          new Enquirer(
              asking,
              organisation,
              purposes,
              roles,
              basis.equals(Sharing.NONE) ? Optional.empty() : Optional.of(basis),
              Optional.of("unconscious"),
              true,
              proof().shown(at),
              false);
      return version.region(asking).filter(Region::mayAsk).isPresent()
          && Plan.of(
                  new AgreementRules(version),
                  enquirer.requester(),
                  List.of(type),
                  Wishes.NONE,
                  at,
                  true)
              .asks()
              .stream()
              .anyMatch(ask -> ask.region().id().equals(releasing));
    }

    /** As blocks write it. */
    PairTerms.Proof proof() {
      String[] words = context.split(" within ", -1);
      return new PairTerms.Proof(words[0], Duration.parse(words[1]));
    }

    /** Whether the block has it, or what is stated of it beside nothing else. */
    boolean isToldBy(Sharing block, Set<String> named) {
      return block.releasing().equals(releasing)
          && block.asking().equals(asking)
          && block.values(Term.TYPE).contains(type)
          && states(block, Term.ORGANISATION, organisation, named)
          && (states(block, Term.BASIS, basis, named)
              || (block.values(Term.BASIS).contains(Sharing.STATED) && !basis.equals(Sharing.NONE)))
          && (!purposes.contains(PurposeOfUse.BREAK_THE_GLASS) || isProven(block, named))
          && block.values(Term.PERIOD).stream().anyMatch(period -> isWithin(day, period));
    }

    /** By the oldest proof that is not told apart from its own; one that none asks for is none. */
    private boolean isProven(Sharing block, Set<String> named) {
      return Stream.of(context, context.replace("PT5M", "PT15M"))
          .filter(named::contains)
          .findFirst()
          .filter(
              proof ->
                  !block.terms().containsKey(Term.STEP_UP)
                      || block.values(Term.STEP_UP).contains(proof))
          .isPresent();
    }

    boolean isNamedBy(Sharing block, Set<String> named) {
      return isToldBy(block, named)
          && block.values(Term.PURPOSE).contains(purposes.iterator().next().code())
          && block.values(Term.ROLE).contains(roles.iterator().next());
    }

    boolean isSingle() {
      return purposes.size() == 1 && roles.size() == 1;
    }
  }

  /** A value that neither version names between the two is any other. */
  private static boolean states(Sharing block, Term term, String value, Set<String> named) {
    return !block.terms().containsKey(term)
        || block.values(term).contains(value)
        || (block.values(term).contains(Sharing.OTHER)
            && !named.contains(value)
            && !value.equals(Sharing.NONE));
  }

  /** The organisations, bases and proofs that are named between the two. */
  private static Set<String> named(Cell cell, Regions... versions) {
    PairTerms terms = PairTerms.of(cell.asking, cell.releasing, versions);
    Set<String> named = new LinkedHashSet<>();
    terms.agreements().forEach(each -> named.addAll(each.organisations()));
    terms.agreements().forEach(each -> named.addAll(each.relationship().bases()));
    terms.denials().forEach(each -> named.addAll(each.organisations()));
    terms.proofs().forEach(kind -> kind.values().forEach(proof -> named.add(proof.toString())));
    return named;
  }

  private static boolean isWithin(LocalDate day, String period) {
    String[] ends = period.split("/", -1);
    return !day.isBefore(LocalDate.parse(ends[0]))
        && (ends[1].equals(Sharing.OPEN) || !day.isAfter(LocalDate.parse(ends[1])));
  }

  @Test
  void tellsEveryDecisionThatDiffersAndNoOther() {
    int widenings = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      Regions before = Worlds.random(random);
      Regions after =
          random.nextInt(3) > 0 ? Worlds.changed(before, random) : Worlds.random(random);
      List<Sharing> gained = DecisionChanges.between(before, after, TODAY).gained();

      for (Cell cell : cells(random)) {
        boolean opens = cell.isPermittedBy(after) && !cell.isPermittedBy(before);
        Set<String> named = named(cell, before, after);
        if (opens) {
          widenings++;
          assertThat(gained)
              .as("seed %d: %s", seed, cell)
              .anyMatch(block -> cell.isToldBy(block, named));
        }
        if (cell.isSingle()) {
          assertThat(gained.stream().anyMatch(block -> cell.isNamedBy(block, named)))
              .as("seed %d: %s of %s", seed, cell, gained)
              .isEqualTo(opens);
        }
      }
      String world = "seed " + seed;
      gained.forEach(block -> assertOpens(block, before, after, world));
    }
    assertThat(widenings).as("widenings met").isGreaterThan(WORLDS / 3);
  }

  /** Each combination of the block's values is one that opens; those stated together are, too. */
  private static void assertOpens(Sharing block, Regions before, Regions after, String world) {
    for (String type : block.values(Term.TYPE)) {
      for (String purposes : block.values(Term.PURPOSE)) {
        for (String roles : block.values(Term.ROLE)) {
          for (String organisation : orElse(block.values(Term.ORGANISATION), "RZZ")) {
            for (String basis : orElse(block.values(Term.BASIS), Sharing.NONE)) {
              for (String period : block.values(Term.PERIOD)) {
                Cell cell =
                    new Cell(
                        block.asking(),
                        block.releasing(),
                        organisation,
                        Worlds.purposes(purposes.split(" with ", -1)),
                        Set.of(roles.split(" with ", -1)),
                        basis,
                        type,
                        orElse(block.values(Term.STEP_UP), context(block, before, after))
                            .iterator()
                            .next(),
                        LocalDate.parse(period.substring(0, period.indexOf('/'))));
                assertThat(cell.isPermittedBy(after)).as("%s %s", world, cell).isTrue();
                assertThat(cell.isPermittedBy(before)).as("%s %s", world, cell).isFalse();
              }
            }
          }
        }
      }
    }
  }

  /** Any that a rule may ask for between the two. */
  private static String context(Sharing block, Regions before, Regions after) {
    return PairTerms.of(block.asking(), block.releasing(), before, after)
        .proofs()
        .getFirst()
        .one()
        .toString();
  }

  private static Set<String> orElse(Set<String> values, String otherwise) {
    return values.isEmpty() ? Set.of(otherwise) : values;
  }

  /** Some of all the questions that there are; each pair, type and day among them. */
  private static List<Cell> cells(Random random) {
    List<String> organisations = List.of("RQW", "RXX", "RZZ");
    List<String> bases = List.of("encounter", "referral", "other", Sharing.NONE);
    List<Cell> cells = new ArrayList<>();
    for (String asking : Worlds.IDS) {
      for (String releasing : Worlds.IDS) {
        for (int i = 0; i < 60; i++) {
          cells.add(
              new Cell(
                  new RegionId(asking),
                  new RegionId(releasing),
                  Worlds.one(random, organisations),
                  i % 2 == 0
                      ? Worlds.purposes(Worlds.one(random, Worlds.PURPOSES))
                      : Worlds.purposes(
                          Worlds.some(random, Worlds.PURPOSES).toArray(String[]::new)),
                  i % 3 == 0
                      ? Worlds.some(random, Worlds.ROLES)
                      : Set.of(Worlds.one(random, Worlds.ROLES)),
                  Worlds.one(random, bases),
                  Worlds.one(random, Worlds.TYPES),
                  Worlds.one(random, Worlds.CONTEXTS) + Worlds.one(random, WITHIN),
                  TODAY.plusDays(random.nextInt(14))));
        }
      }
    }
    return cells;
  }

  @Test
  void tellsNothingOfAVersionAndItself() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Regions version = Worlds.random(new Random(seed));

      assertThat(DecisionChanges.between(version, version, TODAY).isEmpty()).isTrue();
    }
  }

  @Test
  void whatOneWayOpensTheOtherWayCloses() {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      Regions one = Worlds.random(random);
      Regions other = Worlds.changed(one, random);
      DecisionChanges there = DecisionChanges.between(one, other, TODAY);
      DecisionChanges back = DecisionChanges.between(other, one, TODAY);

      assertThat(there.gained())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(back.lost());
      assertThat(there.lost())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(back.gained());
    }
  }

  @Test
  void takingOutTheListOfOrganisationsOpensToAllOthers() {
    Agreement wide = Worlds.agreement("DSA");
    Agreement narrow = with(wide, Set.of("RQW"), wide.purposes());

    assertThat(words(narrow, wide))
        .containsExactly(
            "Flag of london to hwe for TREAT, roles R1, organisations any other, relationship"
                + " stated on any basis, from 2026-06-01 until 2026-12-31 (DSA)");
    assertThat(words(wide, narrow)).isEmpty();
  }

  @Test
  void renamingThePurposeOfAnAgreementOpensTheNewOne() {
    Agreement old = Worlds.agreement("DSA");
    Agreement renamed = with(old, Set.of(), Worlds.purposes("POPHLTH"));

    assertThat(words(old, renamed))
        .singleElement()
        .asString()
        .startsWith("Flag of london to hwe for POPHLTH");
  }

  /**
   * The narrower word under it reads like a narrowing; what stood beside it is denied no longer.
   */
  @Test
  void renamingThePurposeOfADenialOpensWhatItMeantBefore() {
    Agreement research =
        with(Worlds.agreement("DSA"), Set.of(), Worlds.purposes("HRESCH", "DSRCH"));
    Regions before = version(List.of(research), List.of(denial("HRESCH")));
    Regions after = version(List.of(research), List.of(denial("DSRCH")));

    assertThat(DecisionChanges.between(before, after, TODAY).gained())
        .singleElement()
        .satisfies(block -> assertThat(block.values(Term.PURPOSE)).containsExactly("HRESCH"));
  }

  @Test
  void twoAgreementsThatBecomeOneOpenWhatIsStatedTogether() {
    Agreement one = Worlds.agreement("DSA");
    Agreement other = with(Worlds.agreement("DSA-2"), Set.of(), Worlds.purposes("ETREAT"));
    Agreement both = with(one, Set.of(), Worlds.purposes("TREAT", "ETREAT"));
    Regions before = version(List.of(one, other), List.of());

    assertThat(DecisionChanges.between(before, version(List.of(both), List.of()), TODAY).gained())
        .singleElement()
        .satisfies(
            block -> assertThat(block.values(Term.PURPOSE)).containsExactly("ETREAT with TREAT"));
  }

  @Test
  void takingOutADenialOpensToThoseWhoHaveItsRoleBesideAnAgreedOne() {
    List<Agreement> agreed = List.of(Worlds.agreement("DSA"));
    Denial ofRole =
        new Denial(
            "STOP",
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of("R2"),
            Set.of(),
            LocalDate.of(2020, 1, 1),
            Optional.empty());
    Regions before = version(agreed, List.of(ofRole));

    assertThat(DecisionChanges.between(before, version(agreed, List.of()), TODAY).gained())
        .singleElement()
        .satisfies(block -> assertThat(block.values(Term.ROLE)).containsExactly("R1 with R2"));
  }

  @Test
  void anEndingLaterOpensTheDaysBetween() {
    Agreement old = Worlds.agreement("DSA");
    Agreement longer =
        new Agreement(
            old.id(),
            old.releases(),
            old.to(),
            old.organisations(),
            old.purposes(),
            old.roles(),
            old.types(),
            old.relationship(),
            old.breakGlass(),
            old.from(),
            LocalDate.of(2027, 6, 30));

    assertThat(words(old, longer))
        .singleElement()
        .asString()
        .contains("from 2027-01-01 until 2027-06-30");
  }

  @Test
  void activatingASuspendedRegionOpensWhatIsAgreed() {
    List<Agreement> agreed = List.of(Worlds.agreement("DSA"));
    Region suspended = Worlds.region("london", Region.Status.SUSPENDED, true, true, Set.of("Flag"));
    Regions before = Worlds.regions(List.of(Worlds.region("hwe"), suspended), agreed, List.of());

    assertThat(DecisionChanges.between(before, version(agreed, List.of()), TODAY).gained())
        .hasSize(1);
  }

  /** Seconds, not minutes, on a busy machine: each pair has an agreement, and each is changed. */
  @Test
  void comparesFortyTwoRegionsInSeconds() {
    Regions before = large(Set.of("R1", "R2"));
    Regions after = large(Set.of("R1", "R2", "R3"));
    long begun = System.nanoTime();

    List<Sharing> gained = DecisionChanges.between(before, after, TODAY).gained();

    assertThat(gained).hasSize(42 * 41);
    assertThat(System.nanoTime() - begun).isLessThan(30_000_000_000L);
  }

  private static Regions large(Set<String> roles) {
    List<String> ids = java.util.stream.IntStream.range(0, 42).mapToObj(i -> "region" + i).toList();
    Set<RegionId> all = ids.stream().map(RegionId::new).collect(Collectors.toSet());
    List<Agreement> agreements = new ArrayList<>();
    for (RegionId releasing : all) {
      Set<RegionId> others = new LinkedHashSet<>(all);
      others.remove(releasing);
      agreements.add(
          new Agreement(
              "DSA-" + releasing,
              releasing,
              others,
              Set.of("RQW"),
              Worlds.purposes("TREAT", "ETREAT"),
              roles,
              Set.copyOf(Worlds.TYPES),
              Relationship.REQUIRED,
              Optional.empty(),
              LocalDate.of(2026, 1, 1),
              LocalDate.of(2027, 1, 1)));
    }
    return Worlds.regions(
        ids.stream().map(Worlds::region).toList(), agreements, List.of(denial("HRESCH")));
  }

  private static List<String> words(Agreement before, Agreement after) {
    return DecisionChanges.between(
            version(List.of(before), List.of()), version(List.of(after), List.of()), TODAY)
        .gained()
        .stream()
        .map(Sharing::words)
        .toList();
  }

  private static Regions version(List<Agreement> agreements, List<Denial> denials) {
    return Worlds.regions(Worlds.IDS.stream().map(Worlds::region).toList(), agreements, denials);
  }

  private static Denial denial(String purpose) {
    return new Denial(
        "STOP",
        Set.of(),
        Set.of(),
        Set.of(),
        Worlds.purposes(purpose),
        Set.of(),
        Set.of(),
        LocalDate.of(2020, 1, 1),
        Optional.empty());
  }

  private static Agreement with(
      Agreement a, Set<String> organisations, Set<PurposeOfUse> purposes) {
    return new Agreement(
        a.id(),
        a.releases(),
        a.to(),
        organisations,
        purposes,
        a.roles(),
        a.types(),
        a.relationship(),
        a.breakGlass(),
        a.from(),
        a.until());
  }
}
