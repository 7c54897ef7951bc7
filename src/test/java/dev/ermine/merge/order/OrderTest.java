package dev.ermine.merge.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.filter.Dates;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {

  private static final RegionId LONDON = new RegionId("london");
  private static final RegionId ESSEX = new RegionId("essex-suffolk");
  private static final RegionId KENT = new RegionId("kent");
  private static final Sort OLDEST = new Sort("date", false);
  private static final Sort NEWEST = new Sort("date", true);

  @Test
  void goesByRegionThenTypeThenName() {
    Order order = order();
    List<Cursor> sorted =
        List.of(
            cursor(LONDON, "Observation", "a"),
            cursor(LONDON, "Observation", "b"),
            cursor(LONDON, "Condition", "a"),
            cursor(LONDON, "Location", "a"),
            cursor(LONDON, "Medication", "a"),
            cursor(ESSEX, "Observation", "a"),
            cursor(KENT, "Observation", "a"));
    List<Cursor> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.sort(order);
    assertThat(shuffled).isEqualTo(sorted);
  }

  @Test
  void goesByDateFirstAndLeavesWhatHasNoneToTheEnd() {
    assertThat(ids(OLDEST, dated("new", "2026"), dated("old", "2020"), dated("none", "")))
        .containsExactly("old", "new", "none");
    assertThat(ids(NEWEST, dated("none", ""), dated("new", "2026"), dated("old", "2020")))
        .containsExactly("new", "old", "none");
    assertThat(ids(OLDEST, dated("garbled", "2026-02-30"), dated("z", "2026")))
        .containsExactly("z", "garbled");
  }

  @Test
  void readsAPlainDateByLondonsClock() {
    assertThat(
            ids(
                OLDEST,
                dated("c", "2026-07-01T00:00:00+01:00"),
                dated("b", "2026-07-01"),
                dated("a", "2026-06-30T22:59:59Z"),
                dated("d", "2026-07-01T00:00:00Z")))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void takesTheStartOfAPeriodAndItsEndWhereThatIsOpen() {
    assertThat(
            ids(
                OLDEST,
                period("d", "'end':'2026-04'"),
                period("c", "'start':'2026-03'"),
                period("b", "'start':'2026-02','end':'2026-12'"),
                dated("a", "2026-01")))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void takesTheEarliestOfSeveralOrTheLatest() {
    String both = "'effectiveDateTime':'2020','effectivePeriod':{'start':'2026'}";
    assertThat(ids(OLDEST, dated("m", "2023"), observation("both", both)))
        .containsExactly("both", "m");
    assertThat(ids(NEWEST, dated("m", "2023"), observation("both", both)))
        .containsExactly("both", "m");
  }

  @Test
  void goesByTheNextKeyWhereOneDoesNotTell() {
    Sort changed = new Sort("_lastUpdated", true);
    String[] entries = {
      observation("a", "'meta':{'lastUpdated':'2026-01-01T00:00:00Z'},'effectiveDateTime':'2020'"),
      observation("b", "'meta':{'lastUpdated':'2026-01-02T00:00:00Z'},'effectiveDateTime':'2020'"),
      observation("c", "'meta':{'lastUpdated':'2026-01-03T00:00:00Z'},'effectiveDateTime':'2021'")
    };
    assertThat(ids(List.of(OLDEST, changed), entries)).containsExactly("b", "a", "c");
    assertThat(ids(List.of(changed, OLDEST), entries)).containsExactly("c", "b", "a");
  }

  @Test
  void looksAtEachEntryOnceHoweverManyStandAlike() {
    AtomicInteger looks = new AtomicInteger();
    Order order =
        new Order(
            List.of(OLDEST, NEWEST),
            List.of("Observation"),
            List.of(LONDON),
            (_, _) -> {
              looks.incrementAndGet();
              return List.of(new Dated("", Optional.of("2026"), Optional.of("2026")));
            });
    Entry entry = Given.entries(dated("o", "2026")).getFirst();
    List<String> names =
        IntStream.range(0, 16_000)
            .mapToObj(i -> "http://a.example/" + "x".repeat(2_000) + (i * 7919 % 16_000))
            .toList();
    AtomicInteger ties = new AtomicInteger();
    List<String> sorted =
        order.sorted(
            names,
            name -> order.place(LONDON, name, entry),
            (_, _) -> {
              ties.incrementAndGet();
              return 0;
            });
    assertThat(looks).hasValue(2 * names.size());
    assertThat(ties).hasValue(0);
    assertThat(new HashSet<>(sorted)).hasSize(names.size());
    assertThat(order.place(LONDON, names.getFirst(), entry).name()).hasSize(64);
  }

  /** What an encoding may change could stand elsewhere once it has been in a token. */
  @Test
  void namesThatATokenMightChangeAreShortened() {
    assertThat(name("Observation/o-1.2")).isEqualTo("Observation/o-1.2");
    assertThat(name("n".repeat(128))).hasSize(128);
    assertThat(name("n".repeat(129))).hasSize(64);
    assertThat(
            List.of(
                name("http://a/é"),
                name("http://a/\ud800"),
                name("http://a/\ud801"),
                name("a b"),
                name("")))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[0-9a-f]{64}"));
  }

  @Test
  void claimsReadBackAreTheSameCursor() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      List<OptionalLong> values =
          IntStream.range(0, random.nextInt(4))
              .mapToObj(
                  _ ->
                      random.nextBoolean()
                          ? OptionalLong.of(random.nextLong())
                          : OptionalLong.empty())
              .toList();
      Cursor cursor =
          new Cursor(values, KENT, "Observation", name("Observation/" + random.nextInt()));
      assertThat(Cursor.of(cursor.claims())).as("seed %d", seed).contains(cursor);
    }
    assertThat(Cursor.of(List.of("kent", "Observation", "o", 7)))
        .isEqualTo(Cursor.of(List.of("kent", "Observation", "o", 7L)))
        .isPresent();
  }

  @Test
  void claimsOfNoCursorAreNone() {
    for (List<?> claims :
        List.of(
            List.of(),
            List.of("kent", "Observation"),
            List.of("Kent!", "Observation", "o"),
            List.of("kent", "", "o"),
            List.of("kent", "Observation", ""),
            List.of("kent", "Observation", "o\n"),
            List.of("kent", "Observation", "o".repeat(129)),
            List.of(1, "Observation", "o"),
            List.of("kent", 1, "o"),
            List.of("kent", "Observation", 1),
            List.of("kent", "Observation", "o", "2026"),
            List.of("kent", "Observation", "o", 1.5),
            List.of("kent", "Observation", "o", List.of()),
            Arrays.asList("kent", null, "o"),
            Arrays.asList("kent", "Observation", "o", null))) {
      assertThat(Cursor.of(claims)).as(claims.toString()).isEmpty();
    }
  }

  private static Cursor cursor(RegionId region, String type, String name) {
    return new Cursor(List.of(), region, type, name);
  }

  private static String name(String name) {
    return order().place(LONDON, name, Given.entries(dated("o", "2026")).getFirst()).name();
  }

  private static Order order(Sort... keys) {
    return new Order(
        List.of(keys), List.of("Observation", "Condition"), List.of(LONDON, ESSEX), Dates::of);
  }

  private static List<String> ids(Sort key, String... entries) {
    return ids(List.of(key), entries);
  }

  private static List<String> ids(List<Sort> keys, String... entries) {
    Order order = order(keys.toArray(Sort[]::new));
    return order
        .sorted(
            Given.entries(entries),
            entry -> order.place(LONDON, entry.id().orElseThrow(), entry),
            (_, _) -> 0)
        .stream()
        .map(entry -> entry.id().orElseThrow())
        .toList();
  }

  private static String dated(String id, String date) {
    return observation(
        id, date.isEmpty() ? "'status':'final'" : "'effectiveDateTime':'" + date + "'");
  }

  private static String period(String id, String bounds) {
    return observation(id, "'effectivePeriod':{" + bounds + "}");
  }

  private static String observation(String id, String members) {
    return Given.entry(
        "london",
        "{'resourceType':'Observation','id':'%s',%s}".formatted(id, members).replace('\'', '"'),
        "Observation/" + id);
  }
}
