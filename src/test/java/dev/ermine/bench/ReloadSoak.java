package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.bench.Asking.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A new {@code regions.yaml} every 200 ms, each good and each other than the last about every
 * region, while the gateway is asked.
 */
class ReloadSoak {

  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("ermine.seconds", 40));
  private static final int REGIONS = 4;
  private static final long EVERY = 200;

  @Test
  void losesNothingWhileRegionsAreReloaded() {
    StandIns.Terms terms = StandIns.Terms.usual(Duration.ofSeconds(4));
    try (Stage stage = Stage.open(REGIONS, 10_000, terms, Stage.asInTheImage(), Map.of())) {
      Asking asking = stage.asking("hwe", 64);
      Question question =
          new Question(HeldRecord.TYPES.subList(0, 2), stage.standIns().first(REGIONS));
      stage.warmUp(asking, question, 4, Duration.ofSeconds(15));
      stage.standIns().be(new Manner.Answer(Duration.ofMillis(20)));
      double before = stage.process().residentMegabytes();
      CompletableFuture<Integer> edits =
          CompletableFuture.supplyAsync(() -> edit(stage, terms, TIME));
      Result result = Load.open(asking, question, 20, TIME);
      int serial = edits.join();
      Waiting.forMillis(5_000);
      double inForce = told(stage, "ermine_regions_serial");
      System.out.printf(
          "%d versions of regions.yaml: %s; %s; serial in force %.0f; RSS %.0f, then %.0f MiB; %d connections%n",
          serial,
          result,
          result.faults().toList(),
          inForce,
          before,
          stage.process().residentMegabytes(),
          stage.standIns().connections());
      assertThat(result.heard()).allMatch(Heard::whole);
      assertThat(inForce).isEqualTo(serial);
      assertThat(told(stage, "ermine_regions_refused")).isZero();
      assertThat(stage.process().residentMegabytes()).isLessThan(before + 150);
      assertThat(stage.standIns().connections()).isLessThan(REGIONS * 100);
    }
  }

  private static double told(Stage stage, String gauge) {
    return stage
        .gateway()
        .told("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(gauge + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(gauge.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** Each version asks every region otherwise than the last; the serial of the last. */
  private static int edit(Stage stage, StandIns.Terms terms, Duration time) {
    String text = stage.standIns().yaml(terms);
    String budget = "budget: " + terms.budget().toMillis() + "ms";
    int serial = 1;
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      serial++;
      String other = "budget: " + terms.budget().minusMillis(serial % 100).toMillis() + "ms";
      write(
          stage.gateway().regions(),
          text.replace("serial: 1\n", "serial: " + serial + "\n").replace(budget, other));
      Waiting.forMillis(EVERY);
    }
    return serial;
  }

  private static void write(Path regions, String text) {
    try {
      Path edited = Files.writeString(regions.resolveSibling("edited.yaml"), text);
      Files.move(
          edited, regions, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
