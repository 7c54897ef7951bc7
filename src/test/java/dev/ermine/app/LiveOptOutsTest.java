package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.policy.OptOuts;
import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.Stage;
import dev.ermine.testing.Given;
import dev.ermine.testing.OptOutLists;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveOptOutsTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

  @TempDir private Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(Given.NOON);
  private Path list;
  private Path key;

  @BeforeEach
  void write() throws IOException {
    list = directory.resolve("opt-outs.txt");
    key = directory.resolve("opt-outs.key");
    Files.writeString(list, OptOutLists.sealed(OptOutLists.body(TODAY, TODAY, Given.ADA)));
    Files.write(key, OptOutLists.SECRET);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  void knowsNothingWhereNothingIsConfigured() {
    OptOutFiles none = new OptOutFiles(Optional.empty(), Optional.empty(), Stage.PRODUCTION);
    assertThat(none.read(Given.NOON)).isEqualTo(new Live.Reading.Good<>(new OptOuts.Unknown()));
  }

  @Test
  void namesThePropertyAtFault() throws IOException {
    assertThat(faults(Optional.of(list), Optional.empty()))
        .singleElement()
        .asString()
        .startsWith("ermine.opt-outs.key: is missing");
    assertThat(faults(Optional.empty(), Optional.of(key)))
        .singleElement()
        .asString()
        .startsWith("ermine.opt-outs.file: is missing");
    assertThat(faults(Optional.of(directory.resolve("no")), Optional.of(key)))
        .singleElement()
        .asString()
        .startsWith("ermine.opt-outs.file: `")
        .contains("cannot be read");
    assertThat(faults(Optional.of(list), Optional.of(directory.resolve("no"))))
        .singleElement()
        .asString()
        .startsWith("ermine.opt-outs.key: `")
        .contains("cannot be read");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(faults(Optional.of(list), Optional.of(key)))
        .singleElement()
        .asString()
        .startsWith("ermine.opt-outs.key: `")
        .contains("chmod o=");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(key, "short canary");
    assertThat(faults(Optional.of(list), Optional.of(key)))
        .singleElement()
        .asString()
        .contains("32 bytes")
        .doesNotContain("canary");
    Files.writeString(key, "another secret of thirty-two bytes or more");
    assertThat(faults(Optional.of(list), Optional.of(key)))
        .singleElement()
        .asString()
        .startsWith("ermine.opt-outs.file: `")
        .contains("`seal` is not");
  }

  private static List<String> faults(Optional<Path> file, Optional<Path> key) {
    return switch (new OptOutFiles(file, key, Stage.PRODUCTION).read(Given.NOON)) {
      case Live.Reading.Good<OptOuts> _ -> List.of();
      case Live.Reading.Refused<OptOuts>(List<String> faults) -> faults;
    };
  }

  @Test
  void followsTheListAndKnowsNothingWhileItIsFaulty() throws IOException {
    LiveOptOuts live = live();
    looks(live, 2);
    assertThat(live.inForce().mayHave(Given.ADA)).isTrue();
    assertThat(live.inForce().mayHave(Given.ANOTHER)).isFalse();

    Files.writeString(list, OptOutLists.sealed(OptOutLists.body(TODAY, TODAY, Given.ANOTHER)));
    assertThat(looks(live, 2)).isEqualTo(Refresh.LOADED);
    assertThat(live.inForce().mayHave(Given.ANOTHER)).isTrue();

    Files.writeString(list, "garbage");
    assertThat(looks(live, 2)).isEqualTo(Refresh.FAULTY);
    assertThat(live.inForce()).isEqualTo(new OptOuts.Unknown());
    assertThat(live.inForce().inForce(now.get())).isFalse();

    Files.writeString(list, OptOutLists.sealed(OptOutLists.body(TODAY, TODAY)));
    assertThat(looks(live, 2)).as("mended").isEqualTo(Refresh.LOADED);
    assertThat(live.inForce().inForce(now.get())).isTrue();
    assertThat(live.inForce().mayHave(Given.ANOTHER)).isFalse();
  }

  @Test
  void isShownInMetersAndInReadiness() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    LiveOptOuts live = live();
    OptOutsWatch watch = new OptOutsWatch(live, registry);
    OptOutsReadiness readiness = new OptOutsReadiness(live);
    assertThat(registry.get("ermine.opt.outs.patients").gauge().value()).isEqualTo(1);
    assertThat(registry.get("ermine.opt.outs.expires.seconds").gauge().value())
        .isEqualTo((double) Instant.parse("2026-11-22T00:00:00Z").getEpochSecond());
    assertThat(told(readiness))
        .containsExactly(Map.entry("list", "made on 2026-11-21, valid until 2026-11-21"));

    now.set(Given.NOON.plus(Duration.ofDays(1)));
    assertThat((String) told(readiness).get("list")).contains("is not in force today");
    Files.writeString(list, "garbage");
    watch.look();
    watch.look();
    assertThat(registry.get("ermine.opt.outs.refused").gauge().value()).isEqualTo(1);
    assertThat(told(readiness)).containsEntry("list", "none").containsKey("refused");
  }

  private static Map<String, Object> told(OptOutsReadiness readiness) {
    return readiness.call().getData().orElseThrow();
  }

  private LiveOptOuts live() {
    OptOutFiles files = new OptOutFiles(Optional.of(list), Optional.of(key), Stage.PRODUCTION);
    return switch (files.read(Given.NOON)) {
      case Live.Reading.Good<OptOuts>(OptOuts first) -> new LiveOptOuts(files, first, now::get);
      case Live.Reading.Refused<OptOuts>(List<String> faults) ->
          throw new AssertionError(faults.toString());
    };
  }

  private static Refresh looks(LiveOptOuts live, int count) {
    Refresh last = Refresh.UNCHANGED;
    for (int look = 0; look < count; look++) {
      last = live.refresh();
    }
    return last;
  }
}
