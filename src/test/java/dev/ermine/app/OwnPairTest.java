package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Stage;
import dev.ermine.trust.CertificateRules.Purpose;
import dev.ermine.trust.GatewayIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be shown, and what is said of the rest. */
class OwnPairTest {

  @TempDir private Path directory;
  private final Instant now = Instant.now();

  @Test
  void takesAPairWithItsChain() {
    GatewayIdentity root = MadePair.pair().subject("CN=root").make();
    GatewayIdentity authority = MadePair.pair().subject("CN=authority").make(root);
    GatewayIdentity identity = MadePair.pair().make(authority);
    assertThat(read(identity)).isEqualTo(new Live.Reading.Good<>(identity));
  }

  @Test
  void refusesAChainOutOfOrder() throws IOException {
    GatewayIdentity root = MadePair.pair().subject("CN=root").make();
    GatewayIdentity authority = MadePair.pair().subject("CN=authority").make(root);
    GatewayIdentity identity = MadePair.pair().make(authority);
    PemPair files = MadePair.write(identity, directory);
    MadePair.writeCertificates(
        files.certificateFile(),
        List.of(identity.certificate(), root.certificate(), authority.certificate()));
    assertThat(faults(server(files, "localhost"), now))
        .containsExactly(
            "ermine.server-certificate: `%s` holds a chain out of order; write each certificate before"
                    .formatted(files.certificateFile())
                + " the one that issued it");
  }

  @Test
  void refusesWhatIsNotValidNow() {
    GatewayIdentity identity =
        MadePair.pair().valid(now.minusSeconds(60), now.plusSeconds(60)).make();
    OwnPair own = server(MadePair.write(identity, directory), "localhost");
    assertThat(faults(own, now)).isEmpty();
    assertThat(faults(own, now.plusSeconds(61)))
        .singleElement()
        .asString()
        .startsWith("ermine.server-certificate: ")
        .contains("is valid from ", "which is not now");
    assertThat(faults(own, now.minusSeconds(62))).hasSize(1);
  }

  @Test
  void refusesAnIntermediateThatHasExpired() {
    GatewayIdentity root = MadePair.pair().subject("CN=root").make();
    GatewayIdentity expired =
        MadePair.pair()
            .subject("CN=old")
            .valid(now.minusSeconds(60), now.minusSeconds(1))
            .make(root);
    OwnPair own = server(MadePair.write(MadePair.pair().make(expired), directory), "localhost");
    assertThat(faults(own, now)).singleElement().asString().contains("which is not now");
  }

  @ParameterizedTest
  @CsvSource({
    "2, gateway.example, gateway.example, true",
    "2, gateway.example, GATEWAY.Example, true",
    "2, *.example, gateway.example, true",
    "2, *.example, a.gateway.example, false",
    "2, *.example, example, false",
    "2, gateway.example, other.example, false",
    "2, localhost, 127.0.0.1, false",
    "2, *.0.0.1, 127.0.0.1, false",
    "7, 127.0.0.1, 127.0.0.1, true",
    "7, ::1, [::1], true",
    "7, 127.0.0.1, localhost, false",
  })
  void refusesAServerCertificateThatIsNotForTheHostOfTheBaseUrl(
      int kind, String certified, String host, boolean covers) {
    GatewayIdentity identity = MadePair.pair().host(kind, certified).make();
    OwnPair own = server(MadePair.write(identity, directory), host);
    if (covers) {
      assertThat(faults(own, now)).isEmpty();
    } else {
      assertThat(faults(own, now))
          .singleElement()
          .asString()
          .contains("is not for `" + host + "`, the host of `ermine.base-url`");
    }
  }

  @Test
  void refusesACertificateForTheOtherSideOfTls() {
    GatewayIdentity client = MadePair.pair().purposes(KeyPurposeId.id_kp_clientAuth).make();
    PemPair files = MadePair.write(client, directory);
    assertThat(faults(server(files, "localhost"), now))
        .singleElement()
        .asString()
        .contains("its key usage does not allow TLS server authentication");
    assertThat(faults(client(files, Stage.PRODUCTION), now)).isEmpty();
    GatewayIdentity server = MadePair.pair().purposes(KeyPurposeId.id_kp_serverAuth).make();
    assertThat(faults(client(MadePair.write(server, directory), Stage.PRODUCTION), now))
        .singleElement()
        .asString()
        .startsWith("ermine.client-certificate: ")
        .contains("its key usage does not allow TLS client authentication");
  }

  @Test
  void refusesWeakKeys() {
    GatewayIdentity weak = MadePair.pair().key("RSA", 1024).make();
    assertThat(faults(server(MadePair.write(weak, directory), "localhost"), now))
        .singleElement()
        .asString()
        .contains("RSA needs 2048 bits");
  }

  @Test
  void refusesDevelopmentCertificatesInProduction() {
    GatewayIdentity marked = MadePair.pair().subject("CN=x,O=Ermine development").make();
    GatewayIdentity issued = MadePair.pair().make(marked);
    GatewayIdentity alone = new GatewayIdentity(List.of(issued.certificate()), issued.key());
    for (GatewayIdentity each : List.of(marked, issued, alone)) {
      PemPair files = MadePair.write(each, directory);
      assertThat(faults(client(files, Stage.PRODUCTION), now))
          .singleElement()
          .asString()
          .startsWith("ermine.client-certificate: `" + files.certificateFile() + "` was made for");
      assertThat(faults(client(files, Stage.SANDBOX), now)).isEmpty();
    }
    GatewayIdentity other = MadePair.pair().subject("CN=Ermine development,O=Trust").make();
    assertThat(faults(client(MadePair.write(other, directory), Stage.PRODUCTION), now)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"rw-r--r--, false", "rw-----w-, false", "r--r-----, true", "rw-------, true"})
  void refusesKeysThatEveryoneMayReadInProduction(String permissions, boolean fine)
      throws IOException {
    PemPair files = MadePair.write(MadePair.pair().make(), directory);
    Files.setPosixFilePermissions(files.keyFile(), PosixFilePermissions.fromString(permissions));
    List<String> faults = faults(client(files, Stage.PRODUCTION), now);
    if (fine) {
      assertThat(faults).isEmpty();
    } else {
      assertThat(faults)
          .singleElement()
          .asString()
          .startsWith("ermine.client-key: `" + files.keyFile() + "` is open to every user");
    }
    assertThat(faults(client(files, Stage.SANDBOX), now)).isEmpty();
  }

  @Test
  void tellsAllFaultsAtOnce() {
    GatewayIdentity poor =
        MadePair.pair()
            .key("RSA", 1024)
            .host(GeneralName.dNSName, "other.example")
            .valid(now.minusSeconds(60), now.minusSeconds(1))
            .make();
    assertThat(faults(server(MadePair.write(poor, directory), "localhost"), now)).hasSize(3);
  }

  @Test
  void warnsOfACertificateThatExpiresSoon() {
    GatewayIdentity identity = MadePair.pair().valid(now, now.plus(Duration.ofDays(30))).make();
    OwnPair own = server(MadePair.write(identity, directory), "localhost");
    assertThat(own.warning(identity, now)).isEmpty();
    assertThat(own.warning(identity, now.plus(Duration.ofDays(20))).orElseThrow())
        .startsWith("ermine.server-certificate: ")
        .contains("expires at ");
  }

  private Live.Reading<GatewayIdentity> read(GatewayIdentity identity) {
    return server(MadePair.write(identity, directory), "localhost").read(now);
  }

  private static OwnPair server(PemPair files, String host) {
    return new OwnPair(files, Purpose.SERVER, Optional.of(host), Stage.PRODUCTION);
  }

  private static OwnPair client(PemPair files, Stage stage) {
    return new OwnPair(files, Purpose.CLIENT, Optional.empty(), stage);
  }

  private static List<String> faults(OwnPair own, Instant now) {
    return switch (own.read(now)) {
      case Live.Reading.Good<GatewayIdentity> _ -> List.of();
      case Live.Reading.Refused<GatewayIdentity>(List<String> faults) -> faults;
    };
  }
}
