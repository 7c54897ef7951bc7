package dev.ermine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import dev.ermine.region.Stage;
import dev.ermine.trust.PageKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevPkiTest {

  @TempDir static Path directory;
  static DevPki pki;

  @BeforeAll
  static void make() {
    pki = DevPki.in(directory);
  }

  @Test
  void givesEveryRegionAndTheGatewayTheirOwnAuthority() throws Exception {
    for (String owner : owners()) {
      PublicKey authority = pki.certificate(owner + "-ca").getPublicKey();
      pki.certificate(owner + "-server").verify(authority);
      pki.certificate(owner + "-client").verify(authority);
    }
    assertThat(owners().stream().map(owner -> pki.certificate(owner + "-ca").getPublicKey()))
        .doesNotHaveDuplicates();
  }

  @Test
  void issuesForThisHostForLessThanAYear() throws Exception {
    X509Certificate server = pki.certificate("london-server");
    assertThat(server.getSubjectAlternativeNames().stream().map(name -> name.get(1).toString()))
        .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(Duration.between(Instant.now(), server.getNotAfter().toInstant()))
        .isBetween(Duration.ofDays(300), Duration.ofDays(365));
  }

  @Test
  void keepsServersAndClientsApart() throws Exception {
    String serverAuth = "1.3.6.1.5.5.7.3.1";
    String clientAuth = "1.3.6.1.5.5.7.3.2";
    assertThat(pki.certificate("gateway-server").getExtendedKeyUsage()).containsOnly(serverAuth);
    assertThat(pki.certificate("gateway-client").getExtendedKeyUsage()).containsOnly(clientAuth);
    assertThat(pki.certificate("gateway-client").getBasicConstraints()).isNegative();
    assertThat(pki.certificate("gateway-ca").getBasicConstraints()).isZero();
  }

  @Test
  void signsAsTheGatewayWithEveryAlgorithmThatARegionDemands() {
    for (PeerRegion region : PeerRegion.values()) {
      assertThat(pki.signingKey(DevPki.GATEWAY, region.algorithm()).isPrivate()).isTrue();
    }
    assertThat(pki.signingKey("hwe", JWSAlgorithm.ES256).isPrivate()).isTrue();
  }

  @Test
  void publishesNoPrivateKey() {
    for (String owner : owners()) {
      assertThat(pki.publicKeys(owner).getKeys()).isNotEmpty().noneMatch(JWK::isPrivate);
    }
  }

  @Test
  void keepsPrivateFilesToTheirOwner() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.filter(DevPkiTest::isPrivate).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.getFileName().toString())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void leavesWholeMaterialAlone() throws IOException {
    Map<Path, FileTime> before = times(directory);
    DevPki.in(directory);
    assertThat(times(directory)).isEqualTo(before);
  }

  @Test
  void makesEverythingAnewWhenOneFileIsMissing(@TempDir Path other) throws IOException {
    DevPki.in(other);
    for (String gone : List.of("wessex-client.key", "page-keys.jwks.json")) {
      String before = Files.readString(other.resolve("hwe-ca.crt"));
      Files.delete(other.resolve(gone));

      DevPki.in(other);

      assertThat(other.resolve(gone)).exists();
      assertThat(Files.readString(other.resolve("hwe-ca.crt"))).as(gone).isNotEqualTo(before);
    }
  }

  @Test
  void marksAllOfItSoThatAGatewayInProductionRefusesIt() {
    for (String owner : owners()) {
      for (String end : List.of("-ca", "-server", "-client")) {
        assertThat(Stage.PRODUCTION.refuses(pki.certificate(owner + end))).isTrue();
        assertThat(Stage.SANDBOX.refuses(pki.certificate(owner + end))).isFalse();
      }
      assertThat(pki.publicKeys(owner).getKeys())
          .extracting(JWK::getKeyID)
          .allMatch(Stage.PRODUCTION::refuses)
          .noneMatch(Stage.SANDBOX::refuses);
    }
    assertThat(PageKeys.read(pki.file("page-keys.jwks.json")).ids())
        .isNotEmpty()
        .allMatch(Stage.PRODUCTION::refuses)
        .noneMatch(Stage.SANDBOX::refuses);
  }

  @Test
  void makesEverythingAnewWhereTheMarksAreMissing(@TempDir Path other) throws IOException {
    DevPki.in(other);
    Path keys = other.resolve("hwe.jwks.json");
    String before = Files.readString(keys);
    Files.writeString(keys, before.replace("development-", ""));

    DevPki.in(other);

    assertThat(Files.readString(keys)).contains("development-").isNotEqualTo(before);
  }

  private static List<String> owners() {
    var owners = new java.util.ArrayList<>(DevPki.REGIONS);
    owners.add(DevPki.GATEWAY);
    return owners;
  }

  private static boolean isPrivate(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".key")
        || name.endsWith("-signing.jwks.json")
        || name.equals("page-keys.jwks.json");
  }

  private static Map<Path, FileTime> times(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.collect(Collectors.toMap(file -> file, DevPkiTest::modified));
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
