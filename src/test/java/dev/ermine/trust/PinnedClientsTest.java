package dev.ermine.trust;

import static dev.ermine.trust.TestCertificates.certificate;
import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.LONDON_CERTIFICATE;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.asking;
import static dev.ermine.trust.World.regions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Regions;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestPki;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PinnedClientsTest {

  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void admitsTheClientsOfRegions() {
    PinnedClients clients =
        new PinnedClients(World::regions, Officers.NONE, Responders.silent(() -> NOW), () -> NOW);
    assertThatCode(
            () -> {
              clients.checkClientTrusted(chain(HWE_CERTIFICATE), "EC");
              clients.checkClientTrusted(chain(LONDON_CERTIFICATE, HWE_CERTIFICATE), "EC");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void admitsRsaOf2048BitsAndPss() {
    admits(certificate().key("RSA", 2048).make());
    admits(certificate().key("RSA", 2048).signature("SHA256withRSAandMGF1").make());
  }

  @Test
  void admitsACertificateWithoutExtendedKeyUsage() {
    admits(certificate().purposes().make());
  }

  @Test
  void admitsASuspendedRegionToBeToldSo() {
    Regions suspended =
        regions(asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE, Region.Status.SUSPENDED));
    assertThatCode(() -> check(suspended, HWE_CERTIFICATE)).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("A25: a certificate of an unknown authority is refused, for nobody has pinned it")
  void refusesAStranger() {
    refuses(regions(), certificate().make());
  }

  @Test
  @DisplayName("A25: a certificate that is not pinned is refused, whatever it chains to")
  void refusesAPinnedCertificateThatIsNotTheLeaf() {
    refuses(regions(), certificate().make(), HWE_CERTIFICATE);
  }

  @Test
  @DisplayName("A25: an intermediate certificate is neither missed nor of any help")
  void readsNoChain() {
    TestPki root = new TestPki("root");
    TestPki between = root.intermediate("between");
    X509Certificate leaf = between.issue("client", NOW.minus(DAY), NOW.plus(DAY)).certificate();
    admits(leaf);
    refuses(regions(), leaf);
    refuses(regions(), leaf, between.anchor(), root.anchor());
    refuses(pinning(between.anchor()), leaf);
    refuses(pinning(between.anchor()), leaf, between.anchor());
  }

  @Test
  @DisplayName("A25: no certificate is no client")
  void refusesNobody() {
    refuses(regions());
  }

  @Test
  @DisplayName("A25: an expired certificate and one not yet valid are refused, pinned or not")
  void refusesOutsideTheValidity() {
    refusesPinned(certificate().valid(NOW.minus(DAY.multipliedBy(9)), NOW.minus(DAY)).make());
    refusesPinned(certificate().valid(NOW.plus(DAY), NOW.plus(DAY.multipliedBy(9))).make());
  }

  @Test
  @DisplayName("A25: a certificate with serverAuth alone is refused, pinned or not")
  void refusesACertificateForServersAlone() {
    refusesPinned(certificate().purposes(KeyPurposeId.id_kp_serverAuth).make());
  }

  @Test
  void refusesAKeyThatMayNotSign() {
    refusesPinned(certificate().usage(KeyUsage.keyEncipherment).make());
  }

  @Test
  @DisplayName("A25: a key of RSA 1024 is refused, pinned or not")
  void refusesWeakKeys() {
    refusesPinned(certificate().key("RSA", 1024).make());
  }

  @Test
  @DisplayName("A25: a certificate signed with SHA-1 is refused, pinned or not")
  void refusesWeakHashes() {
    refusesPinned(certificate().signature("SHA1withECDSA").make());
    refusesPinned(certificate().key("RSA", 2048).signature("MD5withRSA").make());
    refusesPinned(certificate().key("RSA", 2048).signature("SHA1withRSAandMGF1").make());
  }

  @Test
  void refusesFromTheMomentTheRegionsChange() throws Exception {
    AtomicReference<Regions> live = new AtomicReference<>(regions());
    PinnedClients clients =
        new PinnedClients(live::get, Officers.NONE, Responders.silent(() -> NOW), () -> NOW);
    clients.checkClientTrusted(chain(HWE_CERTIFICATE), "EC");
    live.set(regions(new Region[0]));
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> clients.checkClientTrusted(chain(HWE_CERTIFICATE), "EC"));
  }

  @Test
  void trustsNoServer() {
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(
            () ->
                new PinnedClients(
                        World::regions, Officers.NONE, Responders.silent(() -> NOW), () -> NOW)
                    .checkServerTrusted(chain(HWE_CERTIFICATE), "EC"));
  }

  @Test
  void namesNoIssuersSoThatAnyClientMaySendItsCertificate() {
    assertThat(
            new PinnedClients(
                    World::regions, Officers.NONE, Responders.silent(() -> NOW), () -> NOW)
                .getAcceptedIssuers())
        .isEmpty();
  }

  private static void admits(X509Certificate pinned) {
    assertThatCode(() -> check(pinning(pinned), pinned)).doesNotThrowAnyException();
  }

  private static void refusesPinned(X509Certificate pinned) {
    refuses(pinning(pinned), pinned);
  }

  private static void refuses(Regions regions, X509Certificate... chain) {
    assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> check(regions, chain));
  }

  private static void check(Regions regions, X509Certificate... chain) throws CertificateException {
    new PinnedClients(() -> regions, Officers.NONE, Responders.silent(() -> NOW), () -> NOW)
        .checkClientTrusted(chain, "EC");
  }

  private static Regions pinning(X509Certificate certificate) {
    return regions(asking("hwe", HWE, Algorithm.ES256, certificate));
  }

  private static X509Certificate[] chain(X509Certificate... certificates) {
    return certificates;
  }
}
