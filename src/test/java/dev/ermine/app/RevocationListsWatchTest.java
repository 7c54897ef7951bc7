package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region;
import dev.ermine.region.Region.Revocation;
import dev.ermine.region.Regions;
import dev.ermine.testing.Authority;
import dev.ermine.testing.Given;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is logged of lists of revoked certificates that end. */
class RevocationListsWatchTest {

  private static final Instant NOON = Given.NOON;
  private static final Authority ISSUER = new Authority("issuer", NOON);
  private static final Authority OTHER = new Authority("other", NOON);
  private static final X509CRL FIRST = until(ISSUER, 60);
  private static final X509CRL NEXT = until(ISSUER, 120);

  private static final String ENDED =
      "a list of revoked certificates has ended, and certificates of its issuer are refused";
  private static final String AGAIN = "a list of revoked certificates is in date again";

  private final Logger logger = Logger.getLogger(RevocationListsWatch.class.getName());
  private final List<LogRecord> records = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord told) {
          records.add(told);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final AtomicReference<Regions> live = new AtomicReference<>();
  private final RevocationListsWatch watch = new RevocationListsWatch(live::get, now::get);

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
  }

  @Test
  void tellsOfAnEndOnceAndOfItsEndOnce() {
    assertThat(toldAt(0, FIRST)).isEmpty();
    assertThat(toldAt(59, FIRST)).isEmpty();
    assertThat(toldAt(60, FIRST)).containsExactly(ENDED);
    assertThat(records.getLast().getLevel().intValue()).isGreaterThan(Level.WARNING.intValue());
    assertThat(toldAt(61, FIRST)).isEmpty();
    assertThat(toldAt(62, NEXT)).containsExactly(AGAIN);
    assertThat(records.getLast().getLevel()).isEqualTo(Level.INFO);
    assertThat(toldAt(63, NEXT)).isEmpty();
    assertThat(toldAt(120, NEXT)).containsExactly(ENDED);
  }

  @Test
  void tellsOfEachListThatComesTooLate() {
    assertThat(toldAt(60, FIRST)).containsExactly(ENDED);
    assertThat(toldAt(120, NEXT)).containsExactly(ENDED);
    assertThat(toldAt(121, NEXT)).isEmpty();
  }

  @Test
  void tellsOfNoEndWhileAnotherListOfTheIssuerStands() {
    assertThat(toldAt(60, FIRST, NEXT)).isEmpty();
    assertThat(toldAt(60, NEXT, FIRST)).isEmpty();
    assertThat(toldAt(120, FIRST, NEXT)).containsExactly(ENDED);
  }

  @Test
  void tellsOfEachIssuerOfItsOwn() {
    assertThat(toldAt(60, FIRST, until(OTHER, 90))).containsExactly(ENDED);
    assertThat(toldAt(90, FIRST, until(OTHER, 90))).containsExactly(ENDED);
  }

  @Test
  void forgetsWhatIsDeclaredNoMore() {
    assertThat(toldAt(60, FIRST)).containsExactly(ENDED);
    assertThat(toldAt(61)).isEmpty();
    assertThat(toldAt(62, NEXT)).isEmpty();
  }

  private List<String> toldAt(long second, X509CRL... lists) {
    live.set(regions(lists));
    now.set(NOON.plusSeconds(second));
    int before = records.size();
    watch.look();
    return records.subList(before, records.size()).stream().map(LogRecord::getMessage).toList();
  }

  private static X509CRL until(Authority issuer, long second) {
    return issuer.list(NOON.minus(Duration.ofDays(1)), NOON.plusSeconds(second));
  }

  private static Regions regions(X509CRL... lists) {
    Region hwe = Given.asker(ISSUER.certificate());
    Region.Asks asks = hwe.asks().orElseThrow();
    Revocation revocation =
        new Revocation(
            List.of(ISSUER.certificate(), OTHER.certificate()),
            Arrays.stream(lists).map(list -> new Revocation.Crl("hwe.crl", list)).toList(),
            Optional.empty());
    Region revocable =
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
                    asks.keys(),
                    asks.published(),
                    asks.certificates(),
                    Optional.of(revocation),
                    asks.timings())),
            hwe.answers());
    return new Regions(1, "hash", Given.gateway(), List.of(revocable), List.of(), List.of());
  }
}
