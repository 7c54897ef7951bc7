package dev.ermine.app;

import static dev.ermine.region.LiveRegions.Refresh.FAULTY;
import static dev.ermine.region.LiveRegions.Refresh.LOADED;
import static dev.ermine.region.LiveRegions.Refresh.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.Stage;
import dev.ermine.trust.CertificateRules.Purpose;
import dev.ermine.trust.GatewayIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("D7: a pair that cannot be shown never comes into force, and is told")
class LivePairTest {

  @TempDir private Path directory;
  private final Instant start = Instant.now();
  private final AtomicReference<Instant> now = new AtomicReference<>(start);
  private final GatewayIdentity first = MadePair.pair().make();
  private final GatewayIdentity second = MadePair.pair().make();
  private LivePair live;

  @BeforeEach
  void begin() {
    live = live(MadePair.write(first, directory));
  }

  private LivePair live(PemPair files) {
    OwnPair own = new OwnPair(files, Purpose.SERVER, Optional.of("localhost"), Stage.PRODUCTION);
    return new LivePair(own, first, now::get);
  }

  @Test
  void seesNothingNewWhereNothingChanged() {
    assertThat(looks(5)).containsOnly(UNCHANGED);
    assertThat(live.current()).isEqualTo(first);
    assertThat(live.lastSuccess()).isEqualTo(start.plusSeconds(5));
    assertThat(live.refused()).isEmpty();
  }

  @Test
  void swapsAGoodPairInOnce() {
    looks(2);
    MadePair.write(second, directory);
    assertThat(looks(4)).containsExactly(UNCHANGED, LOADED, UNCHANGED, UNCHANGED);
    assertThat(live.current()).isEqualTo(second);
    assertThat(live.notAfter()).isEqualTo(second.certificate().getNotAfter().toInstant());
  }

  @Test
  void seesAChangeMadeBeforeTheFirstLook() {
    MadePair.write(second, directory);
    assertThat(looks(2)).containsExactly(UNCHANGED, LOADED);
  }

  @Test
  void neverJudgesTwoFilesWhileOneIsWritten() throws IOException {
    looks(2);
    MadePair.writeCertificates(directory.resolve("own.crt"), second.chain());
    assertThat(looks(1)).containsExactly(UNCHANGED);
    MadePair.write(second, directory);
    assertThat(looks(2)).containsExactly(UNCHANGED, LOADED);
    assertThat(live.current()).isEqualTo(second);
  }

  @Test
  void keepsThePairInForceWhereTheNewOneIsFaultyAndTellsOnce() throws IOException {
    looks(2);
    Instant good = now.get();
    MadePair.replace(directory.resolve("own.crt"), "garbage");
    assertThat(looks(5)).containsExactly(UNCHANGED, FAULTY, UNCHANGED, UNCHANGED, UNCHANGED);
    assertThat(live.current()).isEqualTo(first);
    assertThat(live.lastSuccess()).isEqualTo(good);
    assertThat(live.refused().orElseThrow())
        .singleElement()
        .asString()
        .startsWith("ermine.server-certificate: ")
        .contains("holds no certificate");
    MadePair.replace(directory.resolve("own.crt"), "other garbage");
    assertThat(looks(3)).as("another change").containsExactly(UNCHANGED, FAULTY, UNCHANGED);
    MadePair.write(first, directory);
    assertThat(looks(3)).as("mended").containsExactly(UNCHANGED, LOADED, UNCHANGED);
    assertThat(live.refused()).isEmpty();
    assertThat(live.lastSuccess()).isEqualTo(now.get());
  }

  @Test
  void keepsThePairInForceWhereFilesAreGoneOrDoNotBelongTogether() throws IOException {
    looks(2);
    MadePair.writeCertificates(directory.resolve("own.crt"), second.chain());
    assertThat(looks(3)).containsExactly(UNCHANGED, FAULTY, UNCHANGED);
    assertThat(live.refused().orElseThrow().getFirst()).contains("is not the key of");
    Files.delete(directory.resolve("own.key"));
    assertThat(looks(3)).containsExactly(UNCHANGED, FAULTY, UNCHANGED);
    assertThat(live.refused().orElseThrow().getFirst()).contains("cannot be read");
    assertThat(live.current()).isEqualTo(first);
  }

  @Test
  void keepsThePairInForceWhereTheNewOneHasExpired() {
    looks(2);
    MadePair.write(
        MadePair.pair().valid(start.minusSeconds(60), start.minusSeconds(30)).make(), directory);
    assertThat(looks(2)).containsExactly(UNCHANGED, FAULTY);
    assertThat(live.current()).isEqualTo(first);
  }

  @Test
  void takesAPairOnceItIsValid() {
    looks(2);
    GatewayIdentity later =
        MadePair.pair().valid(start.plusSeconds(10), start.plusSeconds(1000)).make();
    MadePair.write(later, directory);
    assertThat(looks(4)).containsExactly(UNCHANGED, FAULTY, UNCHANGED, UNCHANGED);
    now.set(start.plusSeconds(10));
    assertThat(looks(2)).containsExactly(LOADED, UNCHANGED);
    assertThat(live.current()).isEqualTo(later);
    assertThat(live.refused()).isEmpty();
  }

  @Test
  void takesThePairBeforeBackAsAnOperatorWants() {
    looks(2);
    MadePair.write(second, directory);
    looks(2);
    MadePair.write(first, directory);
    assertThat(looks(2)).containsExactly(UNCHANGED, LOADED);
    assertThat(live.current()).isEqualTo(first);
  }

  @Test
  void followsALinkAsKubernetesSwapsIt() throws IOException {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path one = Files.createDirectory(mount.resolve("..one"));
    Path two = Files.createDirectory(mount.resolve("..two"));
    MadePair.write(first, one);
    MadePair.write(second, two);
    Path data = Files.createSymbolicLink(mount.resolve("..data"), one.getFileName());
    for (String name : List.of("own.crt", "own.key")) {
      Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
    }
    live = live(new PemPair(mount.resolve("own.crt"), mount.resolve("own.key")));
    looks(2);
    Path swapped = Files.createSymbolicLink(mount.resolve("..data_tmp"), two.getFileName());
    Files.move(swapped, data, StandardCopyOption.ATOMIC_MOVE);
    assertThat(looks(2)).containsExactly(UNCHANGED, LOADED);
    assertThat(live.current()).isEqualTo(second);
  }

  @Test
  void tellsNoKey() {
    assertThat(live.current().toString()).startsWith("GatewayIdentity[").hasSizeLessThan(70);
  }

  /** What so many looks find, a second after one another. */
  private List<Refresh> looks(int count) {
    return Stream.generate(this::look).limit(count).toList();
  }

  private Refresh look() {
    now.updateAndGet(instant -> instant.plusSeconds(1));
    return live.refresh();
  }
}
