package dev.ermine.app;

import static dev.ermine.region.LiveRegions.Refresh.FAULTY;
import static dev.ermine.region.LiveRegions.Refresh.LOADED;
import static dev.ermine.region.LiveRegions.Refresh.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.Stage;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.trust.PageKeys;
import dev.ermine.trust.PageTokens;
import dev.ermine.trust.PageTokens.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Page keys that could not be used never come into force, and are told. */
class LivePageKeysTest {

  private static final OctetSequenceKey OLD = PageRing.key("old");
  private static final OctetSequenceKey SUCCESSOR = PageRing.key("successor");
  private static final Map<String, Object> CLAIMS = Map.of("count", 50);

  @TempDir private Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(Given.NOON);
  private PageKeyFile file;
  private LivePageKeys live;
  private PageTokens tokens;

  @BeforeEach
  void begin() throws IOException {
    write(OLD);
    file = new PageKeyFile(path(), Stage.PRODUCTION);
    live = new LivePageKeys(file, good(file), now::get);
    tokens = new PageTokens(live::current);
  }

  @Test
  void seesNothingNewWhereNothingChanged() {
    assertThat(looks(4)).containsOnly(UNCHANGED);
    assertThat(live.lastSuccess()).isEqualTo(Given.NOON.plusSeconds(4));
  }

  @Test
  void replacesAKeyInThreeSteps() throws IOException {
    looks(2);
    String old = seal();
    write(OLD, SUCCESSOR);
    assertThat(looks(3)).containsExactly(UNCHANGED, LOADED, UNCHANGED);
    assertThat(live.current().ids()).containsExactly("old", "successor");
    write(SUCCESSOR, OLD);
    assertThat(looks(3)).containsExactly(UNCHANGED, LOADED, UNCHANGED);
    String successor = seal();
    assertThat(List.of(opens(old), opens(successor))).containsExactly(true, true);
    write(SUCCESSOR);
    assertThat(looks(3)).containsExactly(UNCHANGED, LOADED, UNCHANGED);
    assertThat(List.of(opens(old), opens(successor))).containsExactly(false, true);
  }

  @Test
  void keepsWhatIsInForceWhereTheFileIsFaultyAndTellsOnce() throws IOException {
    looks(2);
    Instant good = now.get();
    String token = seal();
    replace("garbage canary");
    assertThat(looks(4)).containsExactly(UNCHANGED, FAULTY, UNCHANGED, UNCHANGED);
    assertThat(live.refused().orElseThrow())
        .containsExactly(
            "ermine.page-keys: page keys `"
                + path()
                + "`: the file is not a JWK Set; write a JWK Set of page keys");
    assertThat(opens(token)).isTrue();
    assertThat(live.lastSuccess()).isEqualTo(good);
    write(SUCCESSOR, OLD);
    assertThat(looks(2)).as("mended").containsExactly(UNCHANGED, LOADED);
    assertThat(live.refused()).isEmpty();
  }

  @Test
  void keepsWhatIsInForceWhereTheFileIsGone() throws IOException {
    looks(2);
    Files.delete(path());
    assertThat(looks(2)).containsExactly(UNCHANGED, FAULTY);
    assertThat(live.refused().orElseThrow().getFirst())
        .startsWith("ermine.page-keys: page keys `" + path() + "` cannot be read");
    assertThat(live.current().ids()).containsExactly("old");
  }

  @Test
  void refusesKeysOfDevelopmentAndAFileForEveryoneInProduction() throws IOException {
    write(OLD, PageRing.key("development-1"));
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(faults(file))
        .hasSize(2)
        .allMatch(fault -> fault.startsWith("ermine.page-keys: `" + path() + "` "))
        .anyMatch(fault -> fault.contains("was made for development"))
        .anyMatch(fault -> fault.contains("is open to every user"));
    assertThat(faults(new PageKeyFile(path(), Stage.SANDBOX))).isEmpty();
  }

  private String seal() {
    return tokens.seal(CLAIMS, now.get().plus(PageTokens.LIFETIME)).orElseThrow();
  }

  private boolean opens(String token) {
    return tokens.open(token, now.get()).equals(new Opened.Content(CLAIMS));
  }

  private static PageKeys good(PageKeyFile file) {
    return switch (file.read(Given.NOON)) {
      case Live.Reading.Good<PageKeys>(PageKeys keys) -> keys;
      case Live.Reading.Refused<PageKeys>(List<String> faults) ->
          throw new AssertionError(faults.toString());
    };
  }

  private static List<String> faults(PageKeyFile file) {
    return switch (file.read(Given.NOON)) {
      case Live.Reading.Good<PageKeys> _ -> List.of();
      case Live.Reading.Refused<PageKeys>(List<String> faults) -> faults;
    };
  }

  /** What so many looks find, a second after one another. */
  private List<Refresh> looks(int count) {
    return Stream.generate(this::look).limit(count).toList();
  }

  private Refresh look() {
    now.updateAndGet(instant -> instant.plusSeconds(1));
    return live.refresh();
  }

  private Path path() {
    return directory.resolve("page-keys.jwks.json");
  }

  private void write(JWK... keys) throws IOException {
    replace(PageRing.text(keys));
  }

  private void replace(String text) throws IOException {
    Path made = Files.writeString(directory.resolve("page-keys.tmp"), text);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
    Files.move(made, path(), StandardCopyOption.ATOMIC_MOVE);
  }
}
