package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.Decision;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RehearsalTest {

  private static final Instant NOW = Worlds.TODAY.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);

  /** For random versions, in every cell: what the plan asks for is permitted, and nothing else. */
  @Test
  void explainsWhatAQueryGets() {
    int permits = 0;
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      Regions version = Worlds.random(random);
      Enquirer enquirer = enquirer(random);
      boolean proven = version.region(enquirer.region()).filter(Region::mayAsk).isPresent();
      Plan plan =
          Plan.of(
              new AgreementRules(version),
              enquirer.requester(),
              Worlds.TYPES,
              Wishes.NONE,
              NOW,
              true);

      for (Prospect prospect :
          new Rehearsal(version).explain(enquirer, _ -> true, Worlds.TYPES, NOW)) {
        boolean asked =
            plan.asks().stream()
                .filter(ask -> ask.region().id().equals(prospect.region()))
                .anyMatch(ask -> ask.decision().permitted().contains(prospect.type()));
        assertThat(prospect.permitted())
            .as("seed %d: %s", seed, prospect)
            .isEqualTo(proven && asked);
        assertThat(prospect.rules()).as("seed %d", seed).isNotEmpty();
        permits += prospect.permitted() ? 1 : 0;
      }
    }
    assertThat(permits).isGreaterThan(100);
  }

  @Test
  void quotesTheRulesThatDecide() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      Regions version = Worlds.random(random);
      Enquirer enquirer = enquirer(random);
      AgreementRules rules = new AgreementRules(version);

      for (Prospect prospect :
          new Rehearsal(version).explain(enquirer, _ -> true, List.of(), NOW)) {
        Region region = version.region(prospect.region()).orElseThrow();
        if (region.active()
            && region.answers().isPresent()
            && !region.id().equals(enquirer.region())
            && version.region(enquirer.region()).orElseThrow().mayAsk()) {
          Decision decision =
              rules.standing(enquirer.requester(), NOW, true).apply(region).decide(prospect.type());
          assertThat(prospect.rules()).as("seed %d", seed).isEqualTo(decision.rules());
        }
      }
    }
  }

  @Test
  void hasASentenceForEveryRule() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      Rehearsal rehearsal = new Rehearsal(Worlds.random(random));
      for (Prospect prospect : rehearsal.explain(enquirer(random), _ -> true, List.of(), NOW)) {
        for (String rule : prospect.rules()) {
          assertThat(rehearsal.words(rule)).as("seed %d: %s", seed, rule).hasSizeGreaterThan(10);
        }
      }
    }
  }

  @Test
  void saysWhichTermIsNotMet() {
    Rehearsal rehearsal = agreed(Region.Status.ACTIVE, Region.Status.ACTIVE);

    assertThat(rehearsal.words("DSA#purpose")).contains("is not for that; its purposes are TREAT");
    assertThat(rehearsal.words("DSA#role")).contains("its roles are R1");
    assertThat(rehearsal.words("DSA#relationship")).contains("none is stated");
    assertThat(rehearsal.words("DSA#expired")).contains("ended with 2026-12-31");
    assertThat(rehearsal.words("DSA#not-yet")).contains("begins on 2026-01-01");
    assertThat(rehearsal.words("DSA#break-glass")).contains("lets nobody break the glass");
    assertThat(rehearsal.words("scope")).contains("the scope of the access token");
    assertThat(rehearsal.words("default-deny")).contains("no agreement speaks of both regions");
  }

  @Test
  void deniesASuspendedRegionWhateverIsAgreed() {
    assertThat(rules(agreed(Region.Status.SUSPENDED, Region.Status.ACTIVE), "Flag"))
        .containsExactly("suspended");
    assertThat(rules(agreed(Region.Status.SUSPENDED, Region.Status.ACTIVE), "Patient"))
        .containsExactly("DSA#type");
    assertThat(rules(agreed(Region.Status.RETIRED, Region.Status.ACTIVE), "Flag"))
        .containsExactly("retired");
  }

  @Test
  void deniesASuspendedAskerAll() {
    assertThat(rules(agreed(Region.Status.ACTIVE, Region.Status.SUSPENDED), "Flag"))
        .containsExactly("hwe#suspended");
  }

  private static List<String> rules(Rehearsal rehearsal, String type) {
    List<Prospect> prospects =
        rehearsal.explain(
            new Enquirer(
                new RegionId("hwe"),
                "RQW",
                Worlds.purposes("TREAT"),
                Set.of("R1"),
                Optional.of("encounter"),
                Optional.empty(),
                false),
            region -> region.id().value().equals("london"),
            List.of(type),
            NOW);
    assertThat(prospects).singleElement().extracting(Prospect::permitted).isEqualTo(false);
    return prospects.getFirst().rules();
  }

  private static Rehearsal agreed(Region.Status london, Region.Status hwe) {
    return new Rehearsal(
        Worlds.regions(
            List.of(
                Worlds.region("hwe", hwe, true, false, Set.of()),
                Worlds.region("london", london, true, true, Set.copyOf(Worlds.TYPES))),
            List.of(Worlds.agreement("DSA")),
            List.of()));
  }

  private static Enquirer enquirer(Random random) {
    Set<PurposeOfUse> purposes =
        Worlds.purposes(Worlds.some(random, Worlds.PURPOSES).toArray(String[]::new));
    return new Enquirer(
        new RegionId(Worlds.one(random, Worlds.IDS)),
        Worlds.one(random, Worlds.ORGANISATIONS),
        random.nextBoolean() ? Worlds.purposes("TREAT") : purposes,
        Worlds.some(random, Worlds.ROLES),
        random.nextInt(4) > 0 ? Optional.of(Worlds.one(random, Worlds.BASES)) : Optional.empty(),
        random.nextBoolean() ? Optional.of("unconscious") : Optional.empty(),
        random.nextBoolean());
  }
}
