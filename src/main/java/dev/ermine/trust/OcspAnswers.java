package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ermine.trust.Revocations.Status;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What OCSP responders have said. They are asked ahead of need, so that nobody waits for them, and
 * a responder that is away is noticed only when its last word has ended.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6960">RFC 6960: OCSP</a>
 */
public final class OcspAnswers {

  private static final Duration EACH = Duration.ofMinutes(5);
  private static final Duration AGAIN = Duration.ofSeconds(10);

  /** What an answer is good for that does not say. */
  private static final Duration UNSTATED = Duration.ofHours(1);

  /** An answer may come from a clock that is ahead of ours. */
  private static final Duration SKEW = Duration.ofSeconds(30);

  /** Certificates that regions have shown; each has passed for the region's own. */
  private static final int MOST = 1_000;

  /** How responders are asked. */
  public interface Responders {

    /**
     * The answer to one request, in DER as the responder sent it.
     *
     * @throws IOException if there is none in time
     */
    byte[] ask(URI responder, byte[] request) throws IOException;
  }

  /** Of what certificate which responder is asked. */
  record Subject(URI responder, X509Certificate certificate, X509Certificate issuer) {}

  /**
   * A responder's last word.
   *
   * @param asked when it was asked last, whether it answered or not
   */
  private record Word(Status status, Instant until, Instant asked) {

    static final Word NONE = new Word(Status.UNKNOWN, Instant.MIN, Instant.MIN);

    boolean isDue(Instant now) {
      boolean ends = status != Status.GOOD || !now.isBefore(until.minus(EACH));
      return asked.equals(Instant.MIN) || !now.isBefore(asked.plus(ends ? AGAIN : EACH));
    }
  }

  private final Responders responders;
  private final InstantSource clock;
  private final Cache<Subject, Word> words = Caffeine.newBuilder().maximumSize(MOST).build();

  OcspAnswers(Responders responders, InstantSource clock) {
    this.responders = responders;
    this.clock = clock;
  }

  /** What is known; of whom nothing is, the responder is asked when next it is time to. */
  Status status(Subject subject) {
    Word word = words.get(subject, _ -> Word.NONE);
    boolean counts = word.status() == Status.REVOKED || clock.instant().isBefore(word.until());
    return counts ? word.status() : Status.UNKNOWN;
  }

  /** Asks about these and all that there was a question about, where it is time to. */
  void renew(Set<Subject> subjects) {
    subjects.forEach(subject -> words.asMap().putIfAbsent(subject, Word.NONE));
    Instant now = clock.instant();
    List<Map.Entry<Subject, Word>> due =
        words.asMap().entrySet().stream().filter(entry -> entry.getValue().isDue(now)).toList();
    if (due.isEmpty()) {
      return;
    }
    // Side by side, so that one that is away delays no other; each has its own time limit.
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      due.forEach(entry -> each.execute(() -> renew(entry.getKey(), entry.getValue(), now)));
    }
  }

  private void renew(Subject subject, Word last, Instant now) {
    words.put(subject, asked(subject, last, now));
  }

  private Word asked(Subject subject, Word last, Instant now) {
    try {
      OcspMessages.Said said =
          OcspMessages.said(
              responders.ask(
                  subject.responder(),
                  OcspMessages.request(subject.certificate(), subject.issuer())));
      return switch (verified(subject, said, now)) {
        case GOOD ->
            said.from().isAfter(now.plus(SKEW))
                ? new Word(last.status(), last.until(), now)
                : new Word(Status.GOOD, said.until().orElse(now.plus(UNSTATED)), now);
        case REVOKED -> new Word(Status.REVOKED, Instant.MAX, now);
        case UNKNOWN -> new Word(last.status(), last.until(), now);
      };
    } catch (IOException | IllegalArgumentException e) {
      // What it said before counts until that ends; then nothing is known, and that is told.
      return new Word(last.status(), last.until(), now);
    }
  }

  /** The JDK's own judgement of what was said: whether it is signed, in date, and of whom. */
  static Status verified(Subject subject, OcspMessages.Said said, Instant now) {
    try {
      CertPathValidator validator = CertPathValidator.getInstance("PKIX");
      PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
      checker.setOptions(EnumSet.of(Option.ONLY_END_ENTITY, Option.NO_FALLBACK));
      checker.setOcspResponder(subject.responder());
      // With the answer at hand it asks nobody itself.
      checker.setOcspResponses(Map.of(subject.certificate(), said.encoded()));
      PKIXParameters terms = new PKIXParameters(Set.of(new TrustAnchor(subject.issuer(), null)));
      terms.addCertPathChecker(checker);
      terms.setDate(Date.from(now));
      validator.validate(
          CertificateFactory.getInstance("X.509").generateCertPath(List.of(subject.certificate())),
          terms);
      return Status.GOOD;
    } catch (CertPathValidatorException e) {
      return e.getReason() == BasicReason.REVOKED ? Status.REVOKED : Status.UNKNOWN;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform cannot judge an OCSP answer", e);
    } catch (RuntimeException e) {
      // So ends the JDK's reading of much that is no answer; nobody has signed what it cannot read.
      return Status.UNKNOWN;
    }
  }
}
