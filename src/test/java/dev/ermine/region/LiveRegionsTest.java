package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.LiveRegions.Opening;
import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.LiveRegions.TrustFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRegionsTest {

  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");

  @TempDir Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private Path file;
  private LiveRegions live;

  @BeforeEach
  void start() {
    TestCerts.write(GOOD, directory);
    file = directory.resolve("regions.yaml");
    TestCerts.write(directory, "regions.yaml", GOOD);
    live = open(file, directory);
  }

  private LiveRegions open(Path regionsYaml, Path certs) {
    TrustFiles files = new TrustFiles(regionsYaml, certs, certs.resolve("suspensions.yaml"));
    return ((Opening.Opened)
            LiveRegions.open(files, Stage.PRODUCTION, ChangeControl.UNSIGNED, now::get))
        .live();
  }

  @Test
  void leavesInForceWhatHasNotChanged() {
    Regions first = live.current();
    now.set(START.plusSeconds(5));
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    assertThat(live.current()).isSameAs(first);
    assertThat(live.lastSuccess()).isEqualTo(now.get());
  }

  @Test
  void loadsAChangeEvenIfTheTimeOfTheFileIsTheSame() throws IOException {
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, GOOD.replace("serial: 42", "serial: 43"));
    Files.setLastModifiedTime(file, time);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().serial()).isEqualTo(43);
  }

  @Test
  void knowsSinceWhenAVersionIsInForce() throws IOException {
    now.set(START.plusSeconds(5));
    Files.writeString(file, GOOD.replace("serial: 42", "serial: 43"));
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    now.set(START.plusSeconds(9));
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    assertThat(live.since()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void keepsTheLastGoodOneWhileTheFileIsHalfWritten() throws IOException {
    Regions good = live.current();
    now.set(START.plusSeconds(5));
    Files.writeString(file, GOOD.substring(0, GOOD.indexOf("agreements:")));
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    assertThat(live.current()).isSameAs(good);
    assertThat(live.lastFaults()).isPresent();
    assertThat(live.lastSuccess()).isEqualTo(START);
    Files.writeString(file, GOOD);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.lastFaults()).isEmpty();
    assertThat(live.lastSuccess()).isEqualTo(now.get());
    assertThat(live.since()).as("it was in force all the time").isEqualTo(START);
  }

  @Test
  void aDeletedFileIsAFault() throws IOException {
    Files.delete(file);
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    assertThat(live.lastFaults().orElseThrow()).containsExactly(new Fault(1, "", "does not exist"));
    assertThat(live.current().serial()).isEqualTo(42);
  }

  @Test
  void aDeletedNamedFileIsAFaultUntilItIsBack() throws IOException {
    Files.delete(directory.resolve("london-ca.crt"));
    assertThat(live.refresh()).isEqualTo(Refresh.FAULTY);
    TestCerts.write(GOOD, directory);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
  }

  @Test
  void aChangedKeyFileAloneIsLoaded() {
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    String jwks = TestCerts.file("rolled.jwks.json");
    TestCerts.write(directory, "london.jwks.json", jwks);
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    Region london = live.current().region("london").orElseThrow();
    assertThat(london.asks().orElseThrow().keys().getFirst().jwks()).isEqualTo(jwks);
  }

  @Test
  void seesASwappedLinkAsAConfigMapIsSwapped(@TempDir Path mount) throws IOException {
    version(mount, "v1", "serial: 42");
    swap(mount, "v1");
    Path linked = mount.resolve("..data").resolve("regions.yaml");
    LiveRegions live = open(linked, mount.resolve("..data"));
    version(mount, "v2", "serial: 43");
    assertThat(live.refresh()).isEqualTo(Refresh.UNCHANGED);
    swap(mount, "v2");
    assertThat(live.refresh()).isEqualTo(Refresh.LOADED);
    assertThat(live.current().serial()).isEqualTo(43);
  }

  @Test
  void neverMixesTwoVersionsThatAreBeingSwapped(@TempDir Path mount) throws Exception {
    version(mount, "v1", "serial: 1");
    version(mount, "v2", "serial: 2");
    swap(mount, "v1");
    Path data = mount.resolve("..data");
    Path linked = data.resolve("regions.yaml");
    LiveRegions live = open(linked, data);
    AtomicBoolean done = new AtomicBoolean();
    Thread officer =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; !done.get(); i++) {
                    swap(mount, i % 2 == 0 ? "v2" : "v1");
                    pause();
                  }
                });
    for (int i = 0; i < 60; i++) {
      live.refresh();
      String jwks =
          live.current()
              .region("london")
              .orElseThrow()
              .asks()
              .orElseThrow()
              .keys()
              .getFirst()
              .jwks();
      assertThat(jwks).contains("serial: " + live.current().serial());
    }
    done.set(true);
    officer.join();
    assertThat(live.lastFaults()).isEmpty();
  }

  /** A version of all files, the key file marked with the serial of its regions.yaml. */
  private static void version(Path mount, String name, String serial) throws IOException {
    Path version = Files.createDirectories(mount.resolve(name));
    TestCerts.write(GOOD, version);
    TestCerts.write(version, "regions.yaml", GOOD.replace("serial: 42", serial));
    String jwks = TestCerts.file("london.jwks.json");
    TestCerts.write(
        version,
        "london.jwks.json",
        jwks.replace("\"kid\"", "\"note\":\"" + serial + "\",\"kid\""));
  }

  private static void swap(Path mount, String version) {
    try {
      Path fresh = mount.resolve("..data_tmp");
      Files.createSymbolicLink(fresh, Path.of(version));
      Files.move(fresh, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
