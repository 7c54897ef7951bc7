package dev.ermine.merge.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Filters here against a server that follows FHIR to the letter, by an understanding of its own.
 */
class FilterLawsTest {

  private static final int WORLDS = 20_000;
  private static final List<String> PREFIXES =
      List.of("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb");
  private static final List<String> SYSTEMS =
      List.of("http://snomed.info/sct", "http://loinc.org", "https://local.example");

  private final long seed = RandomGenerator.getDefault().nextLong();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);

  private record Span(long from, long until) {}

  private record Coded(String system, String code) {}

  @Test
  void dropNoDateThatAServerLetBy() {
    int letBy = 0;
    for (int i = 0; i < WORLDS; i++) {
      String start = date(false);
      String end = random.nextInt(3) == 0 ? start : date(false);
      boolean period = !start.equals(end);
      String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
      String asked = date(true);
      ZoneId zone = random.nextBoolean() ? ZoneOffset.UTC : ZoneId.of("Europe/London");
      Span found = new Span(span(start, zone).from(), span(period ? end : start, zone).until());
      if (found.from() >= found.until()) {
        continue;
      }
      Entry entry =
          FilterTest.entry(
              "Observation",
              period
                  ? "'effectivePeriod':{'start':'" + start + "','end':'" + end + "'}"
                  : "'effectiveDateTime':'" + start + "'");
      Verdict verdict = FilterTest.filter("Observation", "date=" + prefix + asked).of(entry);
      boolean passes = letsBy(prefix, found, span(asked, zone));
      letBy += passes ? 1 : 0;
      if (passes) {
        assertThat(verdict)
            .as("seed %d: %s..%s by date=%s%s in %s", seed, start, end, prefix, asked, zone)
            .isEqualTo(Verdict.PASSES);
      } else {
        assertThat(verdict).isNotEqualTo(Verdict.UNTOLD);
      }
    }
    assertThat(letBy).isGreaterThan(WORLDS / 10);
  }

  /**
   * What is left out here a server would have left out in some zone, {@code ge} and {@code le}
   * aside.
   */
  @Test
  void dropEveryDateThatNoServerLetsBy() {
    int dropped = 0;
    for (int i = 0; i < WORLDS; i++) {
      String found = date(false);
      String prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
      String asked = date(true);
      boolean anywhere =
          letsBy(prefix, span(found, ZoneOffset.UTC), span(asked, ZoneOffset.UTC))
              || letsBy(
                  prefix,
                  span(found, ZoneId.of("Europe/London")),
                  span(asked, ZoneId.of("Europe/London")));
      boolean generous = (prefix.equals("ge") || prefix.equals("le"));
      Verdict verdict =
          FilterTest.filter("Observation", "date=" + prefix + asked)
              .of(FilterTest.entry("Observation", "'effectiveDateTime':'" + found + "'"));
      if (!anywhere && !generous) {
        dropped++;
        assertThat(verdict)
            .as("seed %d: %s by date=%s%s", seed, found, prefix, asked)
            .isEqualTo(Verdict.FAILS);
      }
    }
    assertThat(dropped).isGreaterThan(WORLDS / 10);
  }

  @Test
  void dropNoCodeThatAServerLetByAndTellOfNothingItDid() {
    int letBy = 0;
    for (int i = 0; i < WORLDS; i++) {
      List<Coded> codings =
          IntStream.range(0, random.nextInt(4)).mapToObj(_ -> coded()).distinct().toList();
      List<Coded> asked =
          IntStream.rangeClosed(0, random.nextInt(2)).mapToObj(_ -> coded()).toList();
      boolean not = asked.size() == 1 && random.nextInt(4) == 0;
      boolean any = random.nextInt(3) == 0;
      boolean matches =
          asked.stream()
              .anyMatch(
                  token ->
                      codings.stream()
                          .anyMatch(
                              coding ->
                                  coding.code().equals(token.code())
                                      && (any || coding.system().equals(token.system()))));
      List<String> tokens =
          asked.stream().map(of -> any ? of.code() : of.system() + "|" + of.code()).toList();
      Verdict verdict =
          FilterTest.filter(
                  "Observation", "code" + (not ? ":not" : "") + "=" + String.join(",", tokens))
              .of(FilterTest.entry("Observation", "'code':{'coding':" + json(codings) + "}"));
      if (matches != not) {
        letBy++;
        assertThat(verdict)
            .as("seed %d: %s by %s, not: %s", seed, codings, tokens, not)
            .isEqualTo(Verdict.PASSES);
      } else {
        assertThat(verdict).isNotEqualTo(Verdict.PASSES);
      }
    }
    assertThat(letBy).isGreaterThan(WORLDS / 10);
  }

  private static boolean letsBy(String prefix, Span found, Span asked) {
    boolean within = asked.from() <= found.from() && found.until() <= asked.until();
    boolean above = found.until() > asked.until();
    boolean below = found.from() < asked.from();
    return switch (prefix) {
      case "ne" -> !within;
      case "gt" -> above;
      case "lt" -> below;
      case "ge" -> above || within;
      case "le" -> below || within;
      case "sa" -> found.from() >= asked.until();
      case "eb" -> found.until() <= asked.from();
      default -> within;
    };
  }

  /** Around a few days on which London's clocks are an hour ahead, and on which they are not. */
  private String date(boolean asked) {
    LocalDate day =
        LocalDate.of(2020, random.nextBoolean() ? 1 : 6, 28).plusDays(random.nextInt(7));
    String time = "T" + List.of("00:30", "09:30", "23:30").get(random.nextInt(3)) + ":00";
    return switch (random.nextInt(5)) {
      case 0 -> day.toString().substring(0, 4);
      case 1 -> day.toString().substring(0, 7);
      case 2 -> day.toString();
      case 3 -> day + time + List.of("Z", "+01:00", "-05:00").get(random.nextInt(3));
      default -> asked ? day + time.substring(0, 6) : day + time + "Z";
    };
  }

  private static Span span(String text, ZoneId zone) {
    return switch (text.length()) {
      case 4 ->
          days(
              LocalDate.parse(text + "-01-01"),
              LocalDate.parse(text + "-01-01").plusYears(1),
              zone);
      case 7 ->
          days(LocalDate.parse(text + "-01"), LocalDate.parse(text + "-01").plusMonths(1), zone);
      case 10 -> days(LocalDate.parse(text), LocalDate.parse(text).plusDays(1), zone);
      case 16 -> {
        LocalDateTime minute = LocalDateTime.parse(text);
        yield new Span(
            minute.atZone(zone).toInstant().toEpochMilli(),
            minute.plusMinutes(1).atZone(zone).toInstant().toEpochMilli());
      }
      default -> {
        long at = OffsetDateTime.parse(text).toInstant().toEpochMilli();
        yield new Span(at, at + 1000);
      }
    };
  }

  private static Span days(LocalDate first, LocalDate after, ZoneId zone) {
    return new Span(
        first.atStartOfDay(zone).toInstant().toEpochMilli(),
        after.atStartOfDay(zone).toInstant().toEpochMilli());
  }

  private Coded coded() {
    return new Coded(SYSTEMS.get(random.nextInt(SYSTEMS.size())), "c" + random.nextInt(4));
  }

  private static List<String> json(List<Coded> codings) {
    List<String> json = new ArrayList<>();
    codings.forEach(
        coding -> json.add("{'system':'" + coding.system() + "','code':'" + coding.code() + "'}"));
    return json;
  }
}
