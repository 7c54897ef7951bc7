package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import dev.ermine.merge.Duplicates;
import dev.ermine.merge.Status;
import dev.ermine.merge.order.Cursor;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProgressClaimsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
  private static final List<RegionId> REGIONS =
      IntStream.range(0, 42).mapToObj(i -> new RegionId("icb-" + i)).toList();

  private final ProgressClaims claims = new ProgressClaims(REGIONS);

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    for (long seed = 0; seed < 500; seed++) {
      Progress progress = new Worlds(seed).progress();
      assertThat(claims.read(throughJson(claims.of(progress))))
          .as("seed %d", seed)
          .isEqualTo(progress);
    }
  }

  @Test
  void whatIsNoProgressIsRefusedWithoutAWordOfIt() throws IOException {
    Map<String, Object> good = throughJson(claims.of(new Worlds(7).progress()));
    for (String name : List.of("query", "wishes")) {
      Map<String, Object> bad = new HashMap<>(good);
      bad.remove(name);
      assertRefused(bad);
      bad.put(name, "9000000009");
      assertRefused(bad);
    }
    for (Object odd : List.of(List.of(), List.of(1), List.of("icb-1", "Observation"), 17, "x")) {
      assertRefused(with(good, "after", odd));
    }
    assertRefused(with(good, "only", List.of(List.of(42))));
    assertRefused(with(good, "only", List.of(List.of(-1))));
    assertRefused(with(good, "missing", "z"));
    assertRefused(with(good, "missing", "-".repeat(42) + "t"));
    assertRefused(with(good, "digests", "====="));
  }

  private static Map<String, Object> with(Map<String, Object> good, String name, Object value) {
    Map<String, Object> bad = new HashMap<>(good);
    bad.put(name, value);
    return bad;
  }

  private void assertRefused(Map<String, Object> bad) {
    assertThatThrownBy(() -> claims.read(bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("9000000009");
  }

  private static Map<String, Object> throughJson(Map<String, Object> claims) throws IOException {
    return JSON.readValue(JSON.writeValueAsBytes(claims), MAP);
  }

  /** Progress of every shape, by a seed. */
  private static final class Worlds {

    private final Random random;

    Worlds(long seed) {
      this.random = new Random(seed);
    }

    Progress progress() {
      return new Progress(
          query(),
          wishes(),
          Optional.empty(),
          maybe(this::cursor),
          maybe(this::only),
          missing(),
          maybe(this::digests));
    }

    private FhirQuery query() {
      boolean system = random.nextBoolean();
      return new FhirQuery(
          system ? List.of("Observation", "Condition") : List.of("Encounter"),
          system,
          Given.ADA,
          some(() -> new Parameter(text(), text())),
          new ResultParameters(
              some(() -> new Sort(text(), random.nextBoolean())),
              random.nextBoolean() ? OptionalInt.of(random.nextInt(1, 1000)) : OptionalInt.empty(),
              some(() -> new Inclusion(random.nextBoolean(), text(), text(), maybe(this::text)))),
          random.nextBoolean(),
          some(this::text));
    }

    private Wishes wishes() {
      Wishes.Require require =
          switch (random.nextInt(3)) {
            case 0 -> new Wishes.Require.Nothing();
            case 1 -> new Wishes.Require.All();
            default -> new Wishes.Require.These(some(this::text));
          };
      return new Wishes(
          maybe(() -> some(this::text)),
          require,
          Optional.empty(),
          random.nextBoolean() ? Duplicates.FOLD : Duplicates.SHOW);
    }

    private Cursor cursor() {
      return new Cursor(
          some(
              () ->
                  random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty()),
          region(),
          "Observation",
          "o" + random.nextInt(100));
    }

    private Map<RegionId, Set<String>> only() {
      Map<RegionId, Set<String>> only = new LinkedHashMap<>();
      for (int i = 0; i <= random.nextInt(4); i++) {
        only.put(region(), new TreeSet<>(some(this::text)));
      }
      return only;
    }

    private Map<RegionId, Status> missing() {
      Map<RegionId, Status> missing = new LinkedHashMap<>();
      List<Status> all = Stream.of(Status.values()).filter(Status::missing).toList();
      for (int i = 0; i < random.nextInt(5); i++) {
        missing.put(region(), all.get(random.nextInt(all.size())));
      }
      return missing;
    }

    private Map<RegionId, Long> digests() {
      Map<RegionId, Long> digests = new LinkedHashMap<>();
      for (int i = 0; i < random.nextInt(42); i++) {
        digests.put(region(), random.nextLong() | 1);
      }
      return digests;
    }

    private RegionId region() {
      return REGIONS.get(random.nextInt(REGIONS.size()));
    }

    private String text() {
      return List.of("date", "ge2020", "Zoë|a,b", "\"\\", "x").get(random.nextInt(5));
    }

    private <T> List<T> some(Supplier<T> one) {
      List<T> some = new ArrayList<>();
      for (int i = 0; i < random.nextInt(4); i++) {
        some.add(one.get());
      }
      return some;
    }

    private <T> Optional<T> maybe(Supplier<T> one) {
      return random.nextBoolean() ? Optional.of(one.get()) : Optional.empty();
    }
  }
}
