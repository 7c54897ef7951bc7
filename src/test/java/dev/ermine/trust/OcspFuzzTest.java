package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.ermine.testing.Authority;
import dev.ermine.testing.Authority.Responder;
import dev.ermine.trust.OcspMessages.Said;
import dev.ermine.trust.Revocations.Status;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes over plain HTTP is read or refused, and clears nobody for longer than signed. */
class OcspFuzzTest {

  private static final Instant NOW = World.NOW;
  private static final Instant END = NOW.plus(Duration.ofMinutes(30));
  private static final Authority ISSUER = new Authority("issuer", NOW);
  private static final X509Certificate OTHER = ISSUER.issue("other").certificate();
  private static final OcspAnswers.Subject ASKED =
      new OcspAnswers.Subject(
          URI.create("http://ocsp.example.nhs.uk"),
          ISSUER.issue("asked").certificate(),
          ISSUER.certificate());

  /** What is good among them is so from {@code NOW} until {@code END}. */
  static Stream<byte[]> answers() {
    Responder honest = ISSUER.responder().valid(NOW, Optional.of(END));
    byte[] request = OcspMessages.request(ASKED.certificate(), ASKED.issuer());
    return Stream.concat(
        Stream.of(
                honest,
                ISSUER.responder().valid(NOW, Optional.of(END)).delegated(true),
                ISSUER.responder().delegated(false),
                ISSUER.responder().revoked(),
                ISSUER.responder().revoked().valid(NOW, Optional.empty()),
                ISSUER.responder().unknown(),
                ISSUER.responder().forged(),
                ISSUER
                    .responder()
                    .valid(NOW.minus(Duration.ofDays(1)), Optional.of(NOW.minusSeconds(3600))))
            .map(responder -> responder.answer(request)),
        Stream.of(
            honest.answer(OcspMessages.request(OTHER, ISSUER.certificate())),
            withoutName(honest.answer(request)),
            new byte[] {0x30, 3, 0x0A, 1, 6}));
  }

  /** The responder's name becomes longer than what holds it. */
  private static byte[] withoutName(byte[] answer) {
    int at = 0;
    while (answer[at] != 0x31 || answer[at + 2] != 0x30) {
      at++;
    }
    answer[at + 1] = (byte) (answer[at + 1] + 2);
    return answer;
  }

  @MethodSource("answers")
  @FuzzTest(maxDuration = "60s") // the last one, or it is not fuzzed
  void judgesAnyAnswer(byte[] answer) {
    Optional<Said> said = read(answer == null ? new byte[0] : answer);
    said.filter(it -> OcspAnswers.verified(ASKED, it, NOW) == Status.GOOD)
        .ifPresent(
            good -> {
              assertThat(good.from()).isEqualTo(NOW);
              assertThat(good.until()).contains(END);
            });
  }

  private static Optional<Said> read(byte[] answer) {
    try {
      return Optional.of(OcspMessages.said(answer));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // as it says it does
    }
  }
}
