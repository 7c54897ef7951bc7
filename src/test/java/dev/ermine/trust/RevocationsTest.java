package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Region.Revocation;
import dev.ermine.region.Regions;
import dev.ermine.testing.Authority;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Revocations.Status;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What lists and responders say of certificates, and what follows from it for askers. */
class RevocationsTest {

  private static final Instant NOW = World.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final URI RESPONDER = URI.create("http://ocsp.example.nhs.uk");
  private static final Authority ISSUER = new Authority("issuer", NOW);
  private static final X509Certificate CLIENT = ISSUER.issue("client").certificate();
  private static final X509Certificate REVOKED = ISSUER.issue("revoked").certificate();

  private final World.Clock clock = new World.Clock();
  private final List<URI> asked = new ArrayList<>();
  private final AtomicReference<Optional<Authority.Responder>> responder =
      new AtomicReference<>(Optional.of(ISSUER.responder()));
  private final Revocations revocations = new Revocations(clock, this::ask);

  private byte[] ask(URI at, byte[] request) throws IOException {
    synchronized (asked) {
      asked.add(at);
    }
    return responder.get().orElseThrow(() -> new IOException("away")).answer(request);
  }

  @Test
  void isGoodWhileAListInDateDoesNotHaveIt() {
    assertThat(listed(CLIENT, ISSUER.list(REVOKED))).isEqualTo(Status.GOOD);
    assertThat(listed(REVOKED, ISSUER.list(REVOKED))).isEqualTo(Status.REVOKED);
  }

  @Test
  @DisplayName("D9: a list that is past its nextUpdate clears nobody")
  void isUnknownOnceTheListHasEnded() {
    X509CRL list = ISSUER.list(NOW.minus(DAY), NOW.plusSeconds(60), REVOKED);
    assertThat(listed(CLIENT, list)).isEqualTo(Status.GOOD);
    clock.forward(Duration.ofSeconds(60));
    assertThat(listed(CLIENT, list)).isEqualTo(Status.UNKNOWN);
    assertThat(listed(REVOKED, list)).isEqualTo(Status.REVOKED);
    assertThat(listed(CLIENT, list, ISSUER.list())).isEqualTo(Status.GOOD);
  }

  @Test
  void isUnknownBeforeTheListBegins() {
    X509CRL list = ISSUER.list(NOW.plusSeconds(60), NOW.plus(DAY));
    assertThat(listed(CLIENT, list)).isEqualTo(Status.UNKNOWN);
    clock.forward(Duration.ofSeconds(60));
    assertThat(listed(CLIENT, list)).isEqualTo(Status.GOOD);
  }

  @Test
  void isRevokedByAnyListOfItsIssuer() {
    assertThat(listed(REVOKED, ISSUER.list(), ISSUER.list(REVOKED))).isEqualTo(Status.REVOKED);
  }

  @Test
  void isJudgedByTheListOfItsOwnIssuerAlone() {
    Authority other = new Authority("other", NOW);
    Revocation both =
        new Revocation(
            List.of(ISSUER.certificate(), other.certificate()),
            List.of(crl(other.list())),
            Optional.empty());
    assertThat(revocations.status(CLIENT, both)).isEqualTo(Status.UNKNOWN);
    assertThat(revocations.status(other.issue("theirs").certificate(), both))
        .isEqualTo(Status.GOOD);
  }

  @Test
  void isUnknownWhenNoneOfTheIssuersHasSignedIt() {
    X509Certificate stranger = new Authority("stranger", NOW).issue("client").certificate();
    X509Certificate namesake = new Authority("issuer", NOW).issue("client").certificate();
    assertThat(listed(stranger, ISSUER.list())).isEqualTo(Status.UNKNOWN);
    assertThat(listed(namesake, ISSUER.list())).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void isUnknownUntilTheResponderHasSpokenAndAsksNobodyMeanwhile() {
    assertThat(said()).isEqualTo(Status.UNKNOWN);
    assertThat(asked).isEmpty();
    revocations.askResponders(regions(byResponder()));
    assertThat(said()).isEqualTo(Status.GOOD);
    assertThat(asked).containsExactly(RESPONDER);
  }

  @Test
  void isRevokedOnceTheResponderSaysSo() {
    revocations.askResponders(regions(byResponder()));
    responder.set(Optional.of(ISSUER.responder().revoked()));
    clock.forward(Duration.ofMinutes(5));
    revocations.askResponders(regions(byResponder()));
    assertThat(said()).isEqualTo(Status.REVOKED);
    responder.set(Optional.empty());
    clock.forward(DAY);
    revocations.askResponders(regions(byResponder()));
    assertThat(said()).isEqualTo(Status.REVOKED);
  }

  @Test
  void isGoodUntilTheLastAnswerEndsWhenTheResponderIsAway() {
    revocations.askResponders(regions(byResponder()));
    responder.set(Optional.empty());
    clock.forward(Duration.ofMinutes(29));
    revocations.askResponders(regions(byResponder()));
    assertThat(said()).isEqualTo(Status.GOOD);
    clock.forward(Duration.ofMinutes(1));
    assertThat(said()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void isGoodForAnHourWhereTheAnswerDoesNotSay() {
    responder.set(Optional.of(ISSUER.responder().valid(NOW, Optional.empty())));
    revocations.askResponders(regions(byResponder()));
    clock.forward(Duration.ofMinutes(59));
    assertThat(said()).isEqualTo(Status.GOOD);
    clock.forward(Duration.ofMinutes(1));
    assertThat(said()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void asksAgainEachFiveMinutesAndSoonerWhatIsNotKnown() {
    for (int second = 0; second < 300; second++) {
      revocations.askResponders(regions(byResponder()));
      clock.forward(Duration.ofSeconds(1));
    }
    assertThat(asked).hasSize(1);
    revocations.askResponders(regions(byResponder()));
    assertThat(asked).hasSize(2);
    responder.set(Optional.empty());
    clock.forward(Duration.ofHours(1));
    for (int second = 0; second < 30; second++) {
      revocations.askResponders(regions(byResponder()));
      clock.forward(Duration.ofSeconds(1));
    }
    assertThat(asked).hasSize(2 + 3);
  }

  @Test
  void asksOfACertificateThatARegionHasShown() {
    assertThat(revocations.status(REVOKED, byResponder())).isEqualTo(Status.UNKNOWN);
    revocations.askResponders(World.regions());
    assertThat(revocations.status(REVOKED, byResponder())).isEqualTo(Status.GOOD);
  }

  @Test
  void believesADelegateOfTheIssuer() {
    responder.set(Optional.of(ISSUER.responder().delegated(true)));
    revocations.askResponders(regions(byResponder()));
    assertThat(said()).isEqualTo(Status.GOOD);
  }

  @Test
  void believesNoAnswerThatIsNotTheIssuersOrNotOfNow() {
    Stream.of(
            ISSUER.responder().forged(),
            ISSUER.responder().delegated(false),
            ISSUER.responder().unknown(),
            new Authority("issuer", NOW).responder(),
            new Authority("issuer", NOW).responder().delegated(true),
            ISSUER.responder().valid(NOW.plus(DAY), Optional.of(NOW.plus(DAY).plus(DAY))),
            ISSUER.responder().valid(NOW.plusSeconds(60), Optional.empty()),
            ISSUER.responder().valid(NOW.minus(DAY), Optional.of(NOW.minusSeconds(1))))
        .forEach(
            each -> {
              Revocations fresh = new Revocations(clock, (at, request) -> each.answer(request));
              fresh.askResponders(regions(byResponder()));
              assertThat(fresh.status(CLIENT, byResponder())).isEqualTo(Status.UNKNOWN);
            });
  }

  @Test
  void believesNoAnswerAboutAnotherCertificateOrNone() {
    byte[] ofAnother =
        ISSUER.responder().answer(OcspMessages.request(REVOKED, ISSUER.certificate()));
    byte[] good = ISSUER.responder().answer(OcspMessages.request(CLIENT, ISSUER.certificate()));
    Stream<byte[]> bad =
        Stream.concat(
            Stream.of(ofAnother, new byte[0], new byte[] {0x30, 3, 0x0A, 1, 6}),
            // However it is cut short.
            Stream.iterate(1, at -> at < good.length, at -> at + 7)
                .map(length -> Arrays.copyOf(good, length)));
    bad.forEach(
        answer -> {
          Revocations fresh = new Revocations(clock, (at, request) -> answer);
          fresh.askResponders(regions(byResponder()));
          assertThat(fresh.status(CLIENT, byResponder())).isEqualTo(Status.UNKNOWN);
        });
  }

  @Test
  void refusesEachRequestOfARevokedCertificate() {
    AtomicReference<Regions> live = new AtomicReference<>(regions(by(ISSUER.list())));
    TrustVerifier verifier = new TrustVerifier(World.basis(live::get, clock));
    assertThat(verifier.verify(credentials())).isInstanceOf(Trusted.class);
    live.set(regions(by(ISSUER.list(CLIENT))));
    assertThat(reason(verifier.verify(credentials()))).isEqualTo(Reason.CERTIFICATE_REVOKED);
    live.set(regions(by(ISSUER.list(NOW.minus(DAY), NOW.minusSeconds(1)))));
    assertThat(reason(verifier.verify(credentials())))
        .isEqualTo(Reason.CERTIFICATE_REVOCATION_UNKNOWN);
  }

  @Test
  void shakesHandsWithNobodyWhoIsNotKnownToBeGood() throws Exception {
    AtomicReference<Regions> live = new AtomicReference<>(regions(by(ISSUER.list())));
    PinnedClients clients =
        new PinnedClients(live::get, Officers.NONE, Responders.silent(clock), clock);
    X509Certificate[] chain = {CLIENT};
    clients.checkClientTrusted(chain, "EC");
    assertThat(clients.mayAsk(Thumbprints.x5tS256(CLIENT))).isTrue();
    for (Revocation bad :
        List.of(
            by(ISSUER.list(CLIENT)),
            by(ISSUER.list(NOW.minus(DAY), NOW.minusSeconds(1))),
            byResponder())) {
      live.set(regions(bad));
      assertThatThrownBy(() -> clients.checkClientTrusted(chain, "EC"))
          .isInstanceOf(CertificateException.class);
      assertThat(clients.mayAsk(Thumbprints.x5tS256(CLIENT))).isFalse();
    }
  }

  private Status said() {
    return revocations.status(CLIENT, byResponder());
  }

  private Status listed(X509Certificate certificate, X509CRL... lists) {
    return revocations.status(certificate, by(lists));
  }

  private static Revocation by(X509CRL... lists) {
    return new Revocation(
        List.of(ISSUER.certificate()),
        Stream.of(lists).map(RevocationsTest::crl).toList(),
        Optional.empty());
  }

  private static Revocation byResponder() {
    return new Revocation(List.of(ISSUER.certificate()), List.of(), Optional.of(RESPONDER));
  }

  private static Revocation.Crl crl(X509CRL list) {
    return new Revocation.Crl("hwe.crl", list);
  }

  private static Regions regions(Revocation revocation) {
    Region hwe =
        World.asking(
            "hwe", World.HWE, Algorithm.ES256, CLIENT, World.keys(KeyUse.ACTIVE, World.HWE_KEY));
    return World.regions(World.revocable(hwe, revocation));
  }

  private static Credentials credentials() {
    return new Credentials(
        List.of(CLIENT),
        Optional.of(TestTokens.token(World.HWE, World.AUDIENCE, CLIENT, NOW).sign(World.HWE_KEY)));
  }

  private static Reason reason(Trust trust) {
    return ((Untrusted) trust).reason();
  }
}
