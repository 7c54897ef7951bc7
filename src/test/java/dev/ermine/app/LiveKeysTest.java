package dev.ermine.app;

import static dev.ermine.region.LiveRegions.Refresh.FAULTY;
import static dev.ermine.region.LiveRegions.Refresh.LOADED;
import static dev.ermine.region.LiveRegions.Refresh.UNCHANGED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.ermine.region.DeclaredKey;
import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.region.Region;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.KeyUses;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("D7: signing keys that could not be used never come into force, and are told")
class LiveKeysTest {

  private static final ECKey OLD = ec("old", Curve.P_256);
  private static final ECKey SUCCESSOR = ec("successor", Curve.P_256);

  @TempDir private Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(Given.NOON);
  private final Regions regions = regions();
  private OwnKeys own;
  private LiveKeys live;

  @BeforeEach
  void begin() throws IOException {
    write("active", OLD);
    own =
        new OwnKeys(
            Map.of(
                KeyUse.ACTIVE, file("active"),
                KeyUse.NEXT, file("next"),
                KeyUse.RETIRING, file("retiring")),
            Stage.PRODUCTION);
    live = new LiveKeys(own, good(own), () -> regions, now::get);
  }

  @Test
  void seesNothingNewWhereNothingChanged() {
    assertThat(looks(4)).containsOnly(UNCHANGED);
    assertThat(live.lastSuccess()).isEqualTo(Given.NOON.plusSeconds(4));
    assertThat(told()).containsExactly("old active");
  }

  @Test
  void followsAKeyFromItsFirstFileToItsLast() throws IOException {
    looks(2);
    write("next", SUCCESSOR);
    assertThat(looks(3)).containsExactly(UNCHANGED, LOADED, UNCHANGED);
    assertThat(told()).containsExactly("old active", "successor next");
    Files.delete(file("next"));
    write("active", SUCCESSOR);
    write("retiring", OLD.toPublicJWK());
    assertThat(looks(3)).containsExactly(UNCHANGED, LOADED, UNCHANGED);
    assertThat(told()).containsExactly("successor active", "old retiring");
    Files.delete(file("retiring"));
    assertThat(looks(3)).containsExactly(UNCHANGED, LOADED, UNCHANGED);
    assertThat(told()).containsExactly("successor active");
  }

  @Test
  void judgesNothingWhileFilesAreWritten() throws IOException {
    looks(2);
    write("active", SUCCESSOR);
    assertThat(looks(1)).containsExactly(UNCHANGED);
    write("retiring", OLD);
    assertThat(looks(1)).containsExactly(UNCHANGED);
    assertThat(told()).containsExactly("old active");
    assertThat(looks(1)).containsExactly(LOADED);
  }

  @Test
  void keepsWhatIsInForceWhereAFileIsFaultyAndTellsOnce() throws IOException {
    looks(2);
    Instant good = now.get();
    replace("next", "garbage canary");
    assertThat(looks(4)).containsExactly(UNCHANGED, FAULTY, UNCHANGED, UNCHANGED);
    assertThat(live.refused().orElseThrow())
        .singleElement()
        .asString()
        .startsWith("ermine.signing-key-next: signing keys `" + file("next"))
        .contains("is not a JWK Set")
        .doesNotContain("canary");
    assertThat(told()).containsExactly("old active");
    assertThat(live.lastSuccess()).isEqualTo(good);
    Files.delete(file("next"));
    assertThat(looks(2)).as("mended").containsExactly(UNCHANGED, LOADED);
    assertThat(live.refused()).isEmpty();
  }

  @Test
  void keepsWhatIsInForceWhereTheActiveKeyIsGone() throws IOException {
    looks(2);
    Files.delete(file("active"));
    assertThat(looks(2)).containsExactly(UNCHANGED, FAULTY);
    assertThat(live.refused().orElseThrow().getFirst())
        .startsWith("ermine.signing-key: ")
        .contains("cannot be read");
    assertThat(told()).containsExactly("old active");
  }

  @Test
  void keepsWhatIsInForceWhereAKeyStandsInTwoFiles() throws IOException {
    looks(2);
    write("retiring", OLD);
    assertThat(looks(2)).containsExactly(UNCHANGED, FAULTY);
    assertThat(live.refused().orElseThrow().getFirst()).contains("leave it in one");
  }

  @Test
  void keepsWhatIsInForceWhereARegionCouldNotBeSignedFor() throws IOException {
    looks(2);
    write("active", ec("other", Curve.P_384));
    assertThat(looks(2)).containsExactly(UNCHANGED, FAULTY);
    assertThat(live.refused().orElseThrow().getFirst())
        .startsWith("ermine.signing-key: regions.")
        .contains("answers.token.algorithm: no key in");
    assertThat(told()).containsExactly("old active");
  }

  @Test
  void takesTheLastKeyAwayWhereItIsRevoked() throws IOException {
    write("revoked", SUCCESSOR.toPublicJWK());
    own =
        new OwnKeys(
            Map.of(KeyUse.ACTIVE, file("active"), KeyUse.REVOKED, file("revoked")),
            Stage.PRODUCTION);
    live = new LiveKeys(own, good(own), () -> regions, now::get);
    looks(2);
    write("revoked", OLD.toPublicJWK());
    assertThat(looks(2)).containsExactly(UNCHANGED, LOADED);
    assertThat(told()).containsExactly("old revoked");
    assertThat(live.current().publicJwks()).doesNotContain("old");
    Files.delete(file("revoked"));
    assertThat(looks(2)).as("what is revoked is not forgotten").containsExactly(UNCHANGED, FAULTY);
    assertThat(live.refused().orElseThrow().getFirst())
        .startsWith("ermine.signing-key-revoked: ")
        .contains("cannot be read");
    assertThat(told()).containsExactly("old revoked");
  }

  @Test
  void refusesKeysOfDevelopmentAndFilesForEveryoneInProduction() throws IOException {
    write("next", ec("development-1", Curve.P_256));
    Files.setPosixFilePermissions(file("next"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(faults(own))
        .hasSize(2)
        .allMatch(fault -> fault.startsWith("ermine.signing-key-next: "))
        .anyMatch(fault -> fault.contains("was made for development"))
        .anyMatch(fault -> fault.contains("is open to every user"));
    assertThat(faults(new OwnKeys(own.files(), Stage.SANDBOX))).isEmpty();
    write("next", SUCCESSOR);
    write("retiring", ec("gone", Curve.P_256).toPublicJWK());
    Files.setPosixFilePermissions(file("retiring"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(faults(own)).as("nothing in it is secret").isEmpty();
  }

  @Test
  void showsWhenEachDeclaredKeyWasLastOfUseAndNoOther() throws IOException {
    var registry = new SimpleMeterRegistry();
    KeyUses uses = new KeyUses();
    KeyMeters meters = new KeyMeters(registry, uses);
    meters.follow(regions, live.current());
    assertThat(gauges(registry)).containsEntry("gateway old", 0.0);
    uses.used(KeyUses.GATEWAY, "old", Given.NOON);
    uses.used("wherever", "never declared", Given.NOON);
    assertThat(gauges(registry))
        .containsEntry("gateway old", (double) Given.NOON.getEpochSecond())
        .doesNotContainKey("wherever never declared");
    assertThat(gauges(registry)).containsEntry("hwe hwe-1", 0.0).hasSize(2);
    assertThat(DeclaredKey.of(regions))
        .extracting(DeclaredKey::owner, DeclaredKey::keyId, DeclaredKey::use)
        .containsExactly(tuple("hwe", "hwe-1", KeyUse.RETIRING));
    looks(2);
    write("active", SUCCESSOR);
    looks(2);
    meters.follow(regions, live.current());
    assertThat(gauges(registry)).containsKey("gateway successor").doesNotContainKey("gateway old");
  }

  private static Map<String, Double> gauges(SimpleMeterRegistry registry) {
    return registry.find("ermine.key.last.used").gauges().stream()
        .collect(Collectors.toMap(it -> labels(it.getId()), it -> it.value()));
  }

  private static String labels(Meter.Id id) {
    return id.getTag("owner") + " " + id.getTag("kid");
  }

  private List<String> told() {
    return live.current().declared().stream()
        .map(key -> key.keyId() + " " + key.use().name().toLowerCase(java.util.Locale.ROOT))
        .toList();
  }

  private static GatewayKeys good(OwnKeys own) {
    return switch (own.read()) {
      case Live.Reading.Good<GatewayKeys>(GatewayKeys keys) -> keys;
      case Live.Reading.Refused<GatewayKeys>(List<String> faults) ->
          throw new AssertionError(faults.toString());
    };
  }

  private static List<String> faults(OwnKeys own) {
    return switch (own.read()) {
      case Live.Reading.Good<GatewayKeys> _ -> List.of();
      case Live.Reading.Refused<GatewayKeys>(List<String> faults) -> faults;
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

  private Path file(String name) {
    return directory.resolve(name + ".jwks.json");
  }

  private void write(String name, JWK key) throws IOException {
    replace(name, new JWKSet(key).toString(false));
  }

  private void replace(String name, String text) throws IOException {
    Path made = Files.writeString(directory.resolve(name + ".tmp"), text);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
    Files.move(made, file(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** One that asks with a key of its own, and one that is asked. */
  private static Regions regions() {
    Region hwe = Given.asker(SelfSigned.certificate(Given.NOON, Given.NOON.plusSeconds(9)));
    Region.Asks asks = hwe.asks().orElseThrow();
    String jwks = new JWKSet(ec("hwe-1", Curve.P_256).toPublicJWK()).toString();
    Region keyed =
        new Region(
            hwe.id(),
            hwe.name(),
            hwe.organisation(),
            hwe.status(),
            hwe.publicText(),
            Optional.of(
                new Region.Asks(
                    asks.issuer(),
                    asks.algorithm(),
                    List.of(new Region.KeySet("hwe.jwks.json", jwks, KeyUse.RETIRING)),
                    asks.published(),
                    asks.certificates(),
                    asks.revocation(),
                    asks.timings())),
            hwe.answers());
    return new Regions(
        1, "hash", Given.gateway(), List.of(keyed, Given.region("london")), List.of(), List.of());
  }

  private static ECKey ec(String keyId, Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
