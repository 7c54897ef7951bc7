package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.region.SignableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The law of suspensions: whatever they say, they only take away. */
class SuspensionLawTest {

  @TempDir Path directory;

  @RepeatedTest(60)
  void suspensionsNeverPermitAnything() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Regions base = Worlds.random(random);
    StringBuilder text = new StringBuilder("version: 1\nserial: 1\nsuspended:\n");
    Worlds.IDS.stream()
        .filter(_ -> random.nextBoolean())
        .forEach(id -> text.append("  ").append(id).append(": Under review.\n"));
    Regions under =
        under(
            base,
            text.toString().endsWith("suspended:\n")
                ? text.toString().replace("suspended:", "suspended: {}")
                : text.toString());
    DecisionChanges changes = DecisionChanges.between(base, under, Worlds.TODAY);
    assertThat(changes.gained()).as("seed %d", seed).isEmpty();
    assertThat(under.agreements()).isEqualTo(base.agreements());
    assertThat(under.denials()).isEqualTo(base.denials());
    assertThat(under.regions())
        .as("seed %d", seed)
        .allMatch(region -> !region.active() || base.region(region.id()).orElseThrow().active())
        .allMatch(
            region ->
                base.region(region.id()).orElseThrow().status() != Region.Status.RETIRED
                    || region.status() == Region.Status.RETIRED);
  }

  @Test
  void suspensionsTakeAwayAllThatRestsOnARegion() throws IOException {
    Regions base =
        Worlds.regions(
            Worlds.IDS.stream().map(Worlds::region).toList(),
            List.of(Worlds.agreement("DSA-1")),
            List.of());
    String text = "version: 1\nserial: 1\nsuspended: { london: Under review. }\n";
    assertThat(DecisionChanges.between(base, under(base, text), Worlds.TODAY).lost()).isNotEmpty();
  }

  private Regions under(Regions base, String text) throws IOException {
    Path file = Files.writeString(directory.resolve("suspensions.yaml"), text);
    return switch (SignableFile.suspensions(file, base)) {
      case SignableFile.Reading.Sound(SignableFile sound) -> sound.effective();
      case SignableFile.Reading.Faulty faulty ->
          throw new AssertionError(faulty.faults().toString());
    };
  }
}
