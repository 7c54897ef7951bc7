package dev.ermine.merge.person;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.Demographics.PersonName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Records of one number as they are found in life, and what each pair comes to. */
class PairsTest {

  private static final List<Pair> PAIRS = pairs();

  private record Pair(Demographics one, Demographics other, String expected, String why) {}

  @TestFactory
  Stream<DynamicTest> comesToWhatAClinicianWouldSay() {
    return PAIRS.stream()
        .map(
            pair ->
                DynamicTest.dynamicTest(
                    pair.why(),
                    () -> {
                      assertThat(words(likeness(pair.one(), pair.other())))
                          .isEqualTo(pair.expected());
                      assertThat(words(likeness(pair.other(), pair.one())))
                          .as("the other way round")
                          .isEqualTo(pair.expected());
                    }));
  }

  @Test
  void thereAreEnoughOfThem() {
    assertThat(PAIRS).hasSizeGreaterThan(90);
  }

  @Test
  void itDoesNotMatterWhichIsWhich() {
    List<Demographics> all = PAIRS.stream().flatMap(p -> Stream.of(p.one(), p.other())).toList();
    for (Demographics one : all) {
      for (Demographics other : all) {
        assertThat(likeness(one, other)).isEqualTo(likeness(other, one));
      }
    }
  }

  @Test
  void whateverNamesAreMadeOfItDoesNotMatterWhichIsWhich() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 2_000; i++) {
      Demographics one = made(random);
      Demographics other = made(random);
      assertThat(likeness(one, other)).as("seed %d", seed).isEqualTo(likeness(other, one));
      assertThat(likeness(one, one))
          .as("seed %d", seed)
          .isNotInstanceOfAny(Likeness.Another.class, Likeness.Differs.class);
    }
  }

  @Test
  void aFurtherNameOfTheSamePersonNeverMakesAnotherOfThem() {
    for (Pair pair : PAIRS) {
      if (!(likeness(pair.one(), pair.other()) instanceof Likeness.Another)) {
        List<PersonName> more = new ArrayList<>(pair.other().names());
        more.add(new PersonName(Optional.of("old"), Optional.of("Zzyzx"), List.of("Quentin")));
        Demographics other =
            new Demographics(more, pair.other().birthDate(), pair.other().gender());
        if (!pair.other().names().isEmpty() && !isUnsaid(pair)) {
          assertThat(likeness(pair.one(), other))
              .as(pair.why())
              .isNotInstanceOf(Likeness.Another.class);
        }
      }
    }
  }

  @Test
  void onlyNamesAndBirthDateTogetherAreEnoughToKnowAPersonBy() {
    assertThat(full("Ada/Okafor; 1961-04-02; ?")).isTrue();
    assertThat(full("Ada/Okafor; ?; female")).isFalse();
    assertThat(full("Ada/?; 1961-04-02; female")).isFalse();
    assertThat(full("?/Okafor; 1961-04-02; female")).isFalse();
  }

  @Test
  void aNumberThatIsNotVerifiedCountsLess() {
    assertThat(NumberStanding.of(Set.of())).isEqualTo(NumberStanding.COUNTS);
    assertThat(NumberStanding.of(Set.of("01"))).isEqualTo(NumberStanding.COUNTS);
    for (String code : List.of("02", "03", "06", "07", "08", "", "99")) {
      assertThat(NumberStanding.of(Set.of("01", code))).isEqualTo(NumberStanding.UNTRACED);
    }
    for (String code : List.of("04", "05")) {
      assertThat(NumberStanding.of(Set.of("01", "02", code))).isEqualTo(NumberStanding.DISPUTED);
    }
  }

  /** Where nothing of it compared before, a name that does may well tell two people apart. */
  private static boolean isUnsaid(Pair pair) {
    return pair.why().contains("script")
        || pair.why().contains("named after")
        || pair.expected().equals("not-checked");
  }

  private static boolean full(String person) {
    Demographics one = person(person);
    return likeness(one, person("Ada/Okafor; 1961-04-02; female")) instanceof Likeness.Match match
        && match.isFull();
  }

  private static Likeness likeness(Demographics one, Demographics other) {
    return Likeness.between(Person.of(one), Person.of(other));
  }

  private static String words(Likeness likeness) {
    return switch (likeness) {
      case Likeness.Match _ -> "match";
      case Likeness.NotChecked _ -> "not-checked";
      case Likeness.Differs(Set<Detail> details) -> "differs: " + words(details);
      case Likeness.Another(Set<Detail> details) -> "another: " + words(details);
    };
  }

  private static String words(Set<Detail> details) {
    return details.stream().map(Detail::words).collect(Collectors.joining(", "));
  }

  private static Demographics made(RandomGenerator random) {
    List<PersonName> names = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<String> given = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        given.add(name(random));
      }
      names.add(new PersonName(Optional.empty(), Optional.of(name(random)), given));
    }
    return new Demographics(
        names,
        Optional.of(
            "19"
                + random.nextInt(60, 62)
                + "-0"
                + random.nextInt(1, 3)
                + "-0"
                + random.nextInt(1, 4)),
        Optional.of(random.nextBoolean() ? "male" : "female"));
  }

  private static String name(RandomGenerator random) {
    String[] parts = {
      "Mohammed",
      "Md",
      "Maria",
      "A",
      "B",
      "Ada",
      "Anna",
      "O'",
      "Mac",
      "van",
      "Smith",
      "Smyth",
      "Baby",
      "2",
      "-",
      " ",
      "É",
      "Иван",
      "\uD83D\uDE00",
      "Robert",
      "Bob"
    };
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      name.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? " " : "");
    }
    return name.toString();
  }

  private static List<Pair> pairs() {
    try (var in = PairsTest.class.getResourceAsStream("pairs.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split("\\|", -1))
          .map(
              cells ->
                  new Pair(person(cells[0]), person(cells[1]), cells[2].trim(), cells[3].trim()))
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Demographics person(String text) {
    String[] cells = text.split(";", -1);
    List<PersonName> names =
        said(cells[0])
            .map(all -> Arrays.stream(all.split("\\+", -1)).map(PairsTest::name).toList())
            .orElse(List.of());
    return new Demographics(names, said(cells[1]), said(cells[2]));
  }

  private static PersonName name(String text) {
    String[] parts = text.trim().split("/", -1);
    return new PersonName(
        Optional.empty(),
        said(parts[1]),
        said(parts[0]).map(given -> List.of(given.split(" ", -1))).orElse(List.of()));
  }

  private static Optional<String> said(String text) {
    String trimmed = text.trim();
    return trimmed.equals("?") ? Optional.empty() : Optional.of(trimmed);
  }
}
