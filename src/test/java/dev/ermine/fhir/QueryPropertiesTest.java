package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ermine.fhir.ParsedQuery.Malformed;
import dev.ermine.fhir.ResultParameters.Inclusion;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every query, good or bad. */
class QueryPropertiesTest {

  private static final String BASE = "https://gateway.example/fhir";
  private static final String NUMBER = "9000000009";
  private static final String ADA = NhsNumber.SYSTEM + "|" + NUMBER;

  private static final List<String> NAMES =
      List.of(
          "patient.identifier",
          "patient:identifier",
          "identifier",
          "patient",
          "subject:Patient",
          "_has:x",
          "_type",
          "_format",
          "_count",
          "_summary",
          "_sort",
          "_include",
          "_revinclude",
          "_include:iterate",
          "_pretty",
          "_id",
          "_tag",
          "_lastUpdated",
          "date",
          "date:missing",
          "code",
          "code:not",
          "code.x",
          "status:of-type",
          "performer:Practitioner",
          "value-string:exact",
          NUMBER,
          "x|" + NUMBER,
          "name",
          "");
  private static final List<String> VALUES =
      List.of(
          ADA,
          NUMBER,
          ADA + "," + ADA,
          "true",
          "0",
          "10",
          "count",
          "json",
          "xml",
          "5000",
          "date",
          "-date,_lastUpdated",
          "_lastUpdated,code",
          "Observation:encounter",
          "Flag:author:Practitioner",
          "Observation:focus",
          "Observation:*",
          "ge2020",
          "2020-01-31T10:00:00+01:00",
          "2020,2021",
          "Patient",
          "Patient,Flag",
          "Flag,Flag",
          "http://loinc.org|1-2",
          "a b+c&d=e%f",
          "ä€🚑",
          "\\,$|",
          "\u0000",
          "\ud800",
          "",
          "#?/");
  private static final List<String> TYPES =
      List.of("Observation", "Patient", "Flag", "Specimen", "", NUMBER);

  @Test
  void holdForRandomParameters() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int good = 0;
    for (int i = 0; i < 5_000; i++) {
      Optional<String> type = Optional.of(any(TYPES, random)).filter(_ -> random.nextInt(3) > 0);
      List<Parameter> url = randomParameters(random);
      List<Parameter> form = randomParameters(random);
      good += hold(type, url, form, random.nextBoolean(), "seed " + seed) ? 1 : 0;
    }
    assertThat(good).as("queries that were good, seed %d", seed).isGreaterThan(50);
  }

  @Test
  void whateverMayBeAskedOfTheAnswerIsUnderstoodAndSaidAgain() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      String type = any(List.of("Observation", "Encounter", "Patient", "Flag"), random);
      List<Parameter> asked = new ArrayList<>(List.of(new Parameter("patient.identifier", ADA)));
      String keys =
          some(DateParameters.sorting(List.of(type)), 4, random).stream()
              .map(key -> random.nextBoolean() ? key : "-" + key)
              .collect(Collectors.joining(","));
      List<Parameter> inclusions =
          some(
              Stream.concat(References.from(type).stream(), References.to(type).stream())
                  .map(Inclusion::said)
                  .toList(),
              16,
              random);
      int count = 1 + random.nextInt(2 * ResultParameters.MOST_ON_A_PAGE);
      asked.addAll(inclusions);
      asked.add(new Parameter("_count", Integer.toString(count)));
      if (!keys.isEmpty()) {
        asked.add(new Parameter("_sort", keys));
      }
      Collections.shuffle(asked, random);
      FhirQuery query =
          (FhirQuery) QueryParser.parse(Optional.of(type), asked, List.of(), random.nextBoolean());
      assertThat(query.dropped()).as("seed %d", seed).isEmpty();
      assertThat(query.results().inclusions().stream().map(Inclusion::said))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(inclusions);
      assertThat(query.results().count())
          .as("seed %d", seed)
          .hasValue(Math.min(count, ResultParameters.MOST_ON_A_PAGE));
      assertThat(query.results().sort()).hasSize(keys.isEmpty() ? 0 : keys.split(",").length);
      assertThat(parse(query.selfLink(BASE))).as("seed %d", seed).isEqualTo(query);
    }
  }

  private static <T> List<T> some(List<T> all, int most, Random random) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, random.nextInt(Math.min(most, all.size()) + 1));
  }

  @FuzzTest(maxDuration = "60s")
  void holdForAnyText(byte[] bytes) {
    List<Parameter> any = split(new String(bytes, StandardCharsets.UTF_8));
    List<Parameter> ada = List.of(new Parameter("patient.identifier", ADA));
    for (boolean strict : List.of(true, false)) {
      hold(Optional.empty(), any, List.of(), strict, "fuzzed");
      hold(Optional.of("Patient"), any, List.of(), strict, "fuzzed");
      hold(Optional.of("Observation"), ada, any, strict, "fuzzed");
    }
  }

  /** Whether the query is good; fails when a property does not hold. */
  private static boolean hold(
      Optional<String> type,
      List<Parameter> url,
      List<Parameter> form,
      boolean strict,
      String what) {
    ParsedQuery parsed = QueryParser.parse(type, url, form, strict);
    assertThat(parsed.toString()).as(what).doesNotContain(NUMBER);
    assertThat(url.toString() + form).as(what).doesNotContain(NUMBER);
    switch (parsed) {
      case Malformed malformed -> assertThat(malformed.issues()).as(what).isNotEmpty();
      case FhirQuery query -> {
        assertThat(strict && !query.dropped().isEmpty()).as(what).isFalse();
        assertThat(query.countOnly() && !query.results().equals(ResultParameters.NONE))
            .as(what)
            .isFalse();
        assertThat(parse(query.selfLink(BASE))).as(what).isEqualTo(withoutDropped(query));
      }
    }
    return parsed instanceof FhirQuery;
  }

  private static ParsedQuery parse(String selfLink) {
    String[] pathAndQuery = selfLink.substring(BASE.length()).split("\\?", 2);
    Optional<String> type =
        Optional.of(pathAndQuery[0]).filter(path -> !path.isEmpty()).map(path -> path.substring(1));
    List<Parameter> parameters =
        split(pathAndQuery[1]).stream()
            .map(parameter -> new Parameter(decoded(parameter.name()), decoded(parameter.value())))
            .toList();
    return QueryParser.parse(type, parameters, List.of(), true);
  }

  private static FhirQuery withoutDropped(FhirQuery query) {
    return new FhirQuery(
        query.types(),
        query.system(),
        query.patient(),
        query.filters(),
        query.results(),
        query.countOnly(),
        List.of());
  }

  private static List<Parameter> split(String query) {
    return Arrays.stream(query.split("&", -1))
        .map(pair -> (pair + "=").split("=", -1))
        .map(parts -> new Parameter(parts[0], parts[1]))
        .toList();
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static List<Parameter> randomParameters(Random random) {
    Stream<Parameter> likely =
        random.nextInt(3) > 0
            ? Stream.of(new Parameter("patient.identifier", ADA), new Parameter("_type", "Flag"))
                .limit(1 + random.nextInt(2))
            : Stream.empty();
    Stream<Parameter> others =
        IntStream.range(0, random.nextInt(4))
            .mapToObj(_ -> new Parameter(any(NAMES, random), any(VALUES, random)));
    return Stream.concat(likely, others).toList();
  }

  private static String any(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }
}
