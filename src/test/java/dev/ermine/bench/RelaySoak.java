package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.bench.Asking.Question;
import dev.ermine.bench.Relay.Weather;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One region of three at the end of a bad line: every query is answered in time, whole or with an
 * account of what is wanting, and whole again when the line is.
 */
class RelaySoak {

  private static final Duration STRETCH =
      Duration.ofSeconds(Integer.getInteger("ermine.seconds", 10));
  private static final Duration BUDGET = Duration.ofSeconds(2);
  private static final Duration MARGIN = Duration.ofSeconds(5);
  private static final Duration RECOVERY = Duration.ofSeconds(40);

  @TempDir Path directory;

  private static Map<String, Weather> weathers() {
    var weathers = new LinkedHashMap<String, Weather>();
    weathers.put("300 ms late", new Weather(150, 0, 0, 0));
    weathers.put("256 kbit/s", new Weather(20, 32_000, 0, 0));
    weathers.put("held up for 300 ms now and then", new Weather(5, 0, 300, 0));
    weathers.put("cut now and then", new Weather(5, 0, 0, 0.02));
    weathers.put("all of it", new Weather(100, 64_000, 300, 0.01));
    return weathers;
  }

  @Test
  void answersWholeOrAccountsForWhatIsLost() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    DevPki pki = DevPki.in(directory.resolve("certs"));
    try (var standIns = StandIns.start(pki, 3, 10_000);
        var relay =
            Relay.to(standIns.regions().getFirst().port(), standIns.vertx(), new Random(seed))) {
      String yaml =
          standIns
              .yaml(StandIns.Terms.usual(BUDGET))
              .replace(
                  "localhost:" + standIns.regions().getFirst().port(), "localhost:" + relay.port());
      try (var gateway =
          GatewayProcess.start(pki, yaml, directory, Stage.asInTheImage(), Map.of())) {
        Asking asking = Asking.of("hwe", gateway, pki, standIns.vertx(), 64);
        var question = new Question(HeldRecord.TYPES.subList(0, 2), standIns.first(3));
        asking.prepare();
        Load.closed(asking, question, 2, Duration.ofSeconds(15)); // it warms up
        weathers().forEach((name, weather) -> assertStands(name, weather, relay, asking, question));
      }
    }
  }

  private static void assertStands(
      String name, Weather weather, Relay relay, Asking asking, Question question) {
    relay.be(weather);
    Result result = Load.open(asking, question, 5, STRETCH);
    relay.be(Weather.FAIR);
    System.out.printf(
        "a line %s: %s; whole %d; p50 %.0f ms, the longest %.0f ms%n",
        name, result, result.count(Heard::whole), result.latency(0.5), result.latency(1));
    assertThat(result.heard()).as(name).allMatch(Heard::answered);
    assertThat(result.latency(1)).isLessThan((double) BUDGET.plus(MARGIN).toMillis());
    assertWholeAgain(name, asking, question);
  }

  private static void assertWholeAgain(String name, Asking asking, Question question) {
    long end = System.nanoTime() + RECOVERY.toNanos();
    Result result = Load.closed(asking, question, 1, Duration.ofSeconds(1));
    while (result.count(Heard::whole) < result.count() && System.nanoTime() < end) {
      result = Load.closed(asking, question, 1, Duration.ofSeconds(1));
    }
    assertThat(result.heard()).as("after a line " + name).allMatch(Heard::whole);
  }
}
