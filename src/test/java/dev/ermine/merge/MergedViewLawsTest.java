package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds of every merged view, whatever the regions say: over generated worlds. */
class MergedViewLawsTest {

  private static final int WORLDS = 40;
  private static final Optional<Demographics> ADA =
      Optional.of(
          new Demographics(
              List.of(new PersonName(Optional.empty(), Optional.of("Okafor"), List.of("Ada"))),
              Optional.of("1961-04-02"),
              Optional.of("female")));

  /** Worlds have to hold what the laws are about. */
  @Test
  void worldsAreFullOfLinksAndConflicts() {
    int[] found = new int[2];
    everyWorld(
        (deal, _) -> {
          SeenView view = view(deal.contributions(SmallWorlds.TYPES));
          found[0] += view.links().size();
          found[1] += view.conflicts().size();
        });
    assertThat(found[0]).as("links").isGreaterThan(10 * WORLDS);
    assertThat(found[1]).as("conflicts").isGreaterThan(WORLDS);
  }

  @Test
  void linksAreSymmetricAndLeadToOtherEntriesOfTheBundle() {
    everyWorld(
        (deal, _) -> {
          SeenView view = view(deal.contributions(SmallWorlds.TYPES));
          assertThat(view.links()).allMatch(link -> view.links().contains(link.reversed()));
          assertThat(view.links()).allMatch(link -> !link.getFirst().equals(link.getLast()));
          assertThat(view.links()).allMatch(link -> view.entries().containsKey(link.getLast()));
          assertThat(view.conflicts())
              .allMatch(conflict -> view.entries().keySet().containsAll(conflict.about()));
        });
  }

  /** That of a region's entries not a byte; that of the regions no more than what stands where. */
  @Test
  void theOrderOfArrivalChangesNothing() {
    everyWorld(
        (deal, random) -> {
          List<Contribution> contributions = deal.contributions(SmallWorlds.TYPES);
          List<Contribution> shuffled = new ArrayList<>(contributions);
          shuffled.replaceAll(contribution -> Rearranged.shuffled(contribution, random));
          assertThat(text(merged(shuffled))).isEqualTo(text(merged(contributions)));
          Collections.shuffle(shuffled, random);
          assertThat(matters(view(shuffled))).isEqualTo(matters(view(contributions)));
        });
  }

  /**
   * What another region says never parts what is linked, nor settles what is in conflict. Where
   * nobody vouches for the patient, a region that has another person by this number takes all with
   * it: there this law ends.
   */
  @Test
  void anotherRegionTakesAwayNoLinkAndNoConflict() {
    everyWorld(
        (deal, random) -> {
          List<Contribution> all = deal.contributions(SmallWorlds.TYPES);
          List<Contribution> fewer = new ArrayList<>(all);
          fewer.remove(random.nextInt(fewer.size()));
          SeenView before = view(fewer);
          SeenView after = view(all);
          assertThat(after.links()).containsAll(before.links());
          assertThat(before.conflicts())
              .allMatch(
                  conflict ->
                      after.conflicts().stream()
                          .anyMatch(
                              later ->
                                  later.code("conflict").equals(conflict.code("conflict"))
                                      && later.about().containsAll(conflict.about())));
        });
  }

  @Test
  void whatIsWithheldSilentlyIsAbsentByteForByte() {
    everyWorld(
        (deal, random) -> {
          Set<String> hidden =
              deal.held().stream()
                  .filter(held -> !held.type().equals("Patient"))
                  .filter(_ -> random.nextInt(4) == 0)
                  .map(held -> held.resource().path("id").asText())
                  .collect(Collectors.toSet());
          EntryPolicy silent =
              Given.withholding(
                  entry -> entry.id().filter(hidden::contains).map(_ -> Reason.LABEL));
          List<Contribution> contributions = deal.contributions(SmallWorlds.TYPES);
          List<Contribution> without =
              contributions.stream()
                  .map(
                      contribution ->
                          Rearranged.kept(contribution, entry -> !isIn(hidden, entry), silent))
                  .toList();
          List<Contribution> with =
              contributions.stream()
                  .map(contribution -> Rearranged.kept(contribution, _ -> true, silent))
                  .toList();
          assertThat(text(merged(with))).isEqualTo(text(merged(without)));
          assertThat(SeenSummary.of(merged(with), ADA).text())
              .isEqualTo(SeenSummary.of(merged(without), ADA).text());
        });
  }

  private static boolean isIn(Set<String> ids, Entry entry) {
    return entry.id().filter(ids::contains).isPresent();
  }

  private static void everyWorld(BiConsumer<Deal, Random> law) {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      try {
        law.accept(new SmallWorlds(random).next(), random);
      } catch (AssertionError e) {
        throw new AssertionError("in the world of seed " + seed, e);
      }
    }
  }

  /** Links, conflicts and the account. */
  private static Set<String> matters(SeenView view) {
    Set<String> matters = new HashSet<>();
    view.links().forEach(link -> matters.add(link.toString()));
    view.conflicts()
        .forEach(c -> matters.add(c.code("conflict") + new java.util.TreeSet<>(c.about())));
    view.issues().stream()
        .filter(issue -> !issue.code("region").isEmpty())
        .forEach(issue -> matters.add(issue.codes() + issue.text()));
    return matters;
  }

  private static SeenView view(List<Contribution> contributions) {
    return SeenView.of(merged(contributions));
  }

  private static Merged merged(List<Contribution> contributions) {
    return new Merge(Deal.GATEWAY)
        .merge(
            Given.query(SmallWorlds.TYPES.toArray(String[]::new)),
            new Sought(Given.ADA, Set.of(), ADA),
            contributions,
            "request",
            Given.NOON);
  }

  private static String text(Merged merged) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      merged.bundle().writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
