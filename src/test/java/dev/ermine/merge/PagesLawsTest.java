package dev.ermine.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.order.Cursor;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds of every page of every view: over generated worlds. */
class PagesLawsTest {

  private static final int WORLDS = 10;
  private static final Optional<Demographics> ADA =
      Optional.of(
          new Demographics(
              List.of(new PersonName(Optional.empty(), Optional.of("Okafor"), List.of("Ada"))),
              Optional.of("1961-04-02"),
              Optional.of("female")));
  private static final List<List<Sort>> SORTS =
      List.of(
          List.of(),
          List.of(new Sort("_lastUpdated", false)),
          List.of(new Sort("_lastUpdated", true)),
          List.of(new Sort("date", true), new Sort("_lastUpdated", false)));
  private static final Pattern ADDRESS =
      Pattern.compile(
          Pattern.quote(Deal.GATEWAY) + "/regions/([a-z-]+)/fhir/([A-Za-z]+/[A-Za-z0-9.-]+)");

  /** A world, as one asker sees it. */
  private record World(List<Contribution> contributions, List<Sort> sort, Duplicates duplicates) {

    Merged view() {
      return view(contribution -> contribution);
    }

    Merged view(UnaryOperator<Contribution> rearranged) {
      ResultParameters results =
          new ResultParameters(
              sort,
              OptionalInt.empty(),
              List.of(new Inclusion(true, "Condition", "evidence-detail", Optional.empty())));
      FhirQuery query =
          new FhirQuery(SmallWorlds.TYPES, true, Given.ADA, List.of(), results, false, List.of());
      return duplicates.in(
          new Merge(Deal.GATEWAY)
              .merge(
                  query,
                  new Sought(Given.ADA, Set.of(), ADA),
                  contributions.stream().map(rearranged).toList(),
                  "request",
                  Given.NOON));
    }
  }

  private interface Law {
    void holdsFor(World world, Random random);
  }

  @Test
  void pagesOfAnySizeConcatenateToTheWhole() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          List<Merged> pages = pages(whole, Optional.empty(), size(whole, random));
          assertThat(matches(pages)).isEqualTo(matches(List.of(whole)));
          assertThat(includes(pages)).isEqualTo(includes(List.of(whole)));
          assertThat(pages).allMatch(page -> page.total().equals(whole.total()));
          assertThat(whole.total()).contains(whole.sequence().matches().size());
          assertThat(pages.getFirst().conflicts()).isEqualTo(whole.conflicts());
          assertThat(pages.getFirst().notes()).isEqualTo(whole.notes());
          assertThat(pages.getFirst().flags()).isEqualTo(whole.flags());
          assertThat(released(pages)).isEqualTo(new HashSet<>(whole.released()));
          assertThat(text(whole.page(Cut.NONE).merged())).isEqualTo(text(whole));
        });
  }

  @Test
  void everyPageHasWhatItsMatchesLeadToAndWhatContradictsThem() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          Set<String> includes = includes(List.of(whole));
          for (Merged page : pages(whole, Optional.empty(), size(whole, random))) {
            SeenView seen = SeenView.of(page);
            Set<String> here = seen.entries().keySet();
            page.sequence()
                .entries()
                .forEach(
                    placed ->
                        assertThat(here)
                            .containsAll(
                                placed.targets().stream().filter(includes::contains).toList()));
            whole.conflicts().stream()
                .filter(conflict -> conflict.fullUrls().stream().anyMatch(here::contains))
                .forEach(conflict -> assertThat(page.conflicts()).contains(conflict));
            assertThat(seen.routes().keySet()).containsAll(here);
          }
        });
  }

  @Test
  void aPageTellsOfNothingThatItsAuditDoesNotName() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          for (Merged page : pages(whole, Optional.empty(), size(whole, random))) {
            Set<String> told = addresses(text(page));
            assertThat(new HashSet<>(page.released())).isEqualTo(told);
            assertThat(page.contributors())
                .extracting(RegionId::value)
                .containsAll(told.stream().map(it -> it.substring(0, it.indexOf('/'))).toList());
          }
        });
  }

  @Test
  void entriesStandByTheirKeysThenRegionTypeAndName() {
    everyWorld(
        (world, _) -> {
          List<Placed> matches = world.view().sequence().matches();
          if (world.sort().size() < 2) {
            assertThat(matches).isSortedAccordingTo(plainly(world.sort()));
          }
        });
  }

  private static Comparator<Placed> plainly(List<Sort> sort) {
    Comparator<Placed> region =
        Comparator.comparingInt(
            placed -> SmallWorlds.REGIONS.indexOf(placed.base().region().value()));
    Comparator<Placed> rest =
        region
            .thenComparingInt(placed -> SmallWorlds.TYPES.indexOf(placed.entry().type()))
            .thenComparing(Placed::fullUrl);
    if (sort.isEmpty()) {
      return rest;
    }
    Instant none = sort.getFirst().descending() ? Instant.MIN : Instant.MAX;
    Comparator<Placed> date =
        Comparator.comparing(
            placed ->
                placed.entry().facets().meta().lastUpdated().map(Instant::parse).orElse(none));
    return (sort.getFirst().descending() ? date.reversed() : date).thenComparing(rest);
  }

  @Test
  void theOrderInWhichARegionSendsEntriesChangesNoPage() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          Merged again = world.view(contribution -> Rearranged.shuffled(contribution, random));
          int size = size(whole, random);
          assertThat(texts(again, size)).isEqualTo(texts(whole, size));
          assertThat(again.digests()).isEqualTo(whole.digests());
        });
  }

  @Test
  void whatIsWithheldSilentlyChangesNoPage() {
    everyWorld(
        (world, random) -> {
          Set<String> hidden =
              world
                  .view()
                  .sequence()
                  .entries()
                  .filter(placed -> !placed.entry().type().equals("Patient"))
                  .filter(_ -> random.nextInt(4) == 0)
                  .map(placed -> placed.entry().id().orElseThrow())
                  .collect(Collectors.toSet());
          EntryPolicy silent =
              Given.withholding(
                  entry -> entry.id().filter(hidden::contains).map(_ -> Reason.LABEL));
          Merged with = world.view(it -> Rearranged.kept(it, _ -> true, silent));
          Set<String> gone = ids(world.view());
          gone.removeAll(ids(with));
          assertThat(gone).containsAll(hidden);
          Merged without =
              world.view(
                  it ->
                      Rearranged.kept(
                          it, entry -> !gone.contains(entry.id().orElse("")), Given.SHARES_ALL));
          int size = size(with, random);
          assertThat(texts(with, size)).isEqualTo(texts(without, size));
          assertThat(with.digests()).isEqualTo(without.digests());
        });
  }

  @Test
  void aPageGoesOnAfterAnEntryThatIsNoLongerThere() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          List<String> all = matches(List.of(whole));
          int size = 1 + random.nextInt(all.size() - 1);
          Page first = whole.page(cut(Optional.empty(), Optional.empty(), size));
          Placed gone = first.merged().sequence().matches().getLast();
          Merged later =
              world.view(
                  it ->
                      Rearranged.kept(it, entry -> !entry.equals(gone.entry()), Given.SHARES_ALL));
          Page second = later.page(cut(first.last(), Optional.empty(), all.size()));
          Set<String> stillThere = new HashSet<>(matches(List.of(later)));
          List<String> rest = new ArrayList<>(all.subList(size, all.size()));
          if (world.duplicates() == Duplicates.SHOW) {
            rest.retainAll(stillThere);
            assertThat(matches(List.of(second.merged()))).isEqualTo(rest);
          }
          assertThat(second.last()).isEmpty();
          assertThat(later.digests().get(gone.base().region()))
              .isNotEqualTo(whole.digests().get(gone.base().region()));
        });
  }

  @Test
  void pagesOfOneRegionShowItsEntriesAndNoOthers() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          RegionId region = new RegionId(SmallWorlds.REGIONS.get(random.nextInt(4)));
          boolean all = random.nextBoolean();
          Set<String> types = all ? Set.of() : Set.of("Observation", "Condition");
          List<Merged> pages =
              pages(whole, Optional.of(Map.of(region, types)), size(whole, random));
          List<String> wanted =
              whole.sequence().matches().stream()
                  .filter(placed -> placed.base().region().equals(region))
                  .filter(placed -> all || types.contains(placed.entry().type()))
                  .map(Placed::fullUrl)
                  .toList();
          if (world.duplicates() == Duplicates.SHOW) {
            assertThat(matches(pages)).isEqualTo(wanted);
          } else {
            assertThat(matches(pages)).containsAll(wanted);
          }
          assertThat(includes(pages))
              .allMatch(include -> SeenView.region(include).equals(region.value()));
          Set<String> shown = new HashSet<>(matches(pages));
          whole.conflicts().stream()
              .filter(conflict -> conflict.fullUrls().stream().anyMatch(shown::contains))
              .forEach(conflict -> assertThat(pages.getFirst().conflicts()).contains(conflict));
          pages.forEach(
              page -> assertThat(new HashSet<>(page.released())).isEqualTo(addresses(text(page))));
        });
  }

  @Test
  void resourcesLeaveAsTheyCame() {
    everyWorld(
        (world, random) -> {
          Merged whole = world.view();
          Map<String, Object> before = new HashMap<>(SeenView.of(whole).entries());
          for (Merged page : pages(whole, Optional.empty(), size(whole, random))) {
            assertThat(before).containsAllEntriesOf(new HashMap<>(SeenView.of(page).entries()));
          }
        });
  }

  private static void everyWorld(Law law) {
    for (long seed = 0; seed < WORLDS; seed++) {
      Random random = new Random(seed);
      try {
        law.holdsFor(world(random), random);
      } catch (AssertionError e) {
        throw new AssertionError("in the world of seed " + seed, e);
      }
    }
  }

  /** With instants, references between entries, and entries that came with others. */
  private static World world(Random random) {
    Deal deal = new SmallWorlds(random).next();
    Map<String, List<String>> paths = new HashMap<>();
    for (Deal.Held held : deal.held()) {
      paths
          .computeIfAbsent(held.region(), _ -> new ArrayList<>())
          .add(held.fullUrl().replaceFirst(".*/fhir/", ""));
    }
    Set<String> included = new HashSet<>();
    for (Deal.Held held : deal.held()) {
      ObjectNode resource = held.resource();
      if (random.nextInt(3) > 0) {
        resource
            .withObjectProperty("meta")
            .put("lastUpdated", "2026-09-0" + random.nextInt(1, 5) + "T09:00:00Z");
      }
      if (random.nextInt(2) == 0) {
        List<String> own = paths.get(held.region());
        resource.putObject("basedOn").put("reference", own.get(random.nextInt(own.size())));
      }
      if (random.nextInt(4) == 0 && !held.type().equals("Patient")) {
        included.add(resource.path("id").asText());
      }
    }
    List<Contribution> contributions =
        deal.contributions(SmallWorlds.TYPES).stream()
            .map(
                it ->
                    Rearranged.with(
                        it,
                        entries -> entries.stream().map(entry -> mode(included, entry)).toList(),
                        Given.SHARES_ALL))
            .toList();
    return new World(
        contributions,
        SORTS.get(random.nextInt(SORTS.size())),
        random.nextBoolean() ? Duplicates.SHOW : Duplicates.FOLD);
  }

  private static Entry mode(Set<String> included, Entry entry) {
    return entry.id().filter(included::contains).isPresent() ? Rearranged.included(entry) : entry;
  }

  private static int size(Merged whole, Random random) {
    return 1 + random.nextInt(whole.sequence().matches().size() + 1);
  }

  private static Cut cut(
      Optional<Cursor> after, Optional<Map<RegionId, Set<String>>> only, int size) {
    return new Cut(after, OptionalInt.of(size), only);
  }

  private static List<Merged> pages(
      Merged whole, Optional<Map<RegionId, Set<String>>> only, int size) {
    List<Merged> pages = new ArrayList<>();
    Optional<Cursor> last = Optional.empty();
    do {
      Page page = whole.page(cut(last, only, size));
      assertThat(page.merged().sequence().matches()).hasSizeLessThanOrEqualTo(size);
      last = page.last().flatMap(cursor -> Cursor.of(cursor.claims()));
      pages.add(page.merged());
    } while (last.isPresent());
    return pages;
  }

  private static List<String> matches(List<Merged> pages) {
    return pages.stream()
        .flatMap(page -> page.sequence().matches().stream())
        .map(Placed::fullUrl)
        .toList();
  }

  private static Set<String> includes(List<Merged> pages) {
    return pages.stream()
        .flatMap(page -> page.sequence().includes().stream())
        .map(Placed::fullUrl)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> released(List<Merged> pages) {
    return pages.stream().flatMap(page -> page.released().stream()).collect(Collectors.toSet());
  }

  /** Of all that is disclosed. */
  private static Set<String> ids(Merged view) {
    return view.shares().stream()
        .flatMap(share -> share.disclosed().stream())
        .map(placed -> placed.entry().id().orElseThrow())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** {@code region/Type/id} of each entry of which a page says where it stands. */
  private static Set<String> addresses(String page) {
    Set<String> addresses = new HashSet<>();
    Matcher matcher = ADDRESS.matcher(page);
    while (matcher.find()) {
      addresses.add(matcher.group(1) + "/" + matcher.group(2));
    }
    return addresses;
  }

  private static List<String> texts(Merged whole, int size) {
    return pages(whole, Optional.empty(), size).stream().map(PagesLawsTest::text).toList();
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
