package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Quality;
import dev.ermine.merge.Status;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.peer.Connections;
import dev.ermine.peer.Documents;
import dev.ermine.peer.Spared;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The series of regions, which come and go with them. */
@SuppressWarnings("deprecation") // the registry that this Quarkus has
class RegionMetersTest {

  private static final RegionId LONDON = new RegionId("london");
  private static final RegionId WESSEX = new RegionId("wessex");

  /** Behind a composite, as Quarkus has it. */
  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
  private final Quality quality = new Quality(Given.NOON);
  private Spared spared = new Spared(Spared.State.CLOSED, Duration.ZERO);
  private long unasked;

  private final RegionMeters meters =
      new RegionMeters(
          registry,
          region -> new Connections(),
          region -> spared,
          region -> unasked,
          region -> new Documents(),
          quality);

  RegionMetersTest() {
    registry.add(prometheus);
  }

  @Test
  void haveEveryStatusOfEveryRegionFromTheStart() {
    meters.follow(regions("london", "wessex"));
    assertThat(series("ermine_account_total")).hasSize(2 * Status.values().length);
    assertThat(series("ermine_region_asked_seconds_count")).hasSize(2);
    assertThat(series("ermine_connections_open")).hasSize(2);
    assertThat(series("ermine_quality_total"))
        .hasSize(2 * Flaw.values().length)
        .contains("ermine_quality_total{kind=\"impossible-date\",region=\"london\",} 0.0");
  }

  @Test
  void countAndTimeARegion() {
    meters.follow(regions("london", "wessex"));
    meters.accounted(LONDON, Status.TIMED_OUT.code());
    meters.asked(LONDON, Duration.ofMillis(120));
    assertThat(series("ermine_account_total"))
        .contains("ermine_account_total{region=\"london\",status=\"timed-out\",} 1.0")
        .contains("ermine_account_total{region=\"wessex\",status=\"timed-out\",} 0.0");
    assertThat(series("ermine_region_asked_seconds_bucket"))
        .contains("ermine_region_asked_seconds_bucket{region=\"london\",le=\"0.1\",} 0.0")
        .contains("ermine_region_asked_seconds_bucket{region=\"london\",le=\"0.25\",} 1.0");
  }

  @Test
  void tellWhetherARegionIsSparedAndHowOftenItWas() {
    meters.follow(regions("london"));
    assertThat(series("ermine_region_breaker")).containsExactly(breaker(0));
    spared = new Spared(Spared.State.OPEN, Duration.ofSeconds(5));
    unasked = 7;
    assertThat(series("ermine_region_breaker")).containsExactly(breaker(2));
    assertThat(series("ermine_region_spared_total"))
        .containsExactly("ermine_region_spared_total{region=\"london\",} 7.0");
    spared = new Spared(Spared.State.HALF_OPEN, Duration.ZERO);
    assertThat(series("ermine_region_breaker")).containsExactly(breaker(1));
  }

  private static String breaker(int state) {
    return "ermine_region_breaker{region=\"london\",} " + (double) state;
  }

  @Test
  void countDocumentsByHowTheyEnd() {
    meters.follow(regions("london"));
    assertThat(series("ermine_documents_open"))
        .containsExactly("ermine_documents_open{region=\"london\",} 0.0");
    assertThat(series("ermine_documents_total"))
        .containsExactlyInAnyOrder(
            "ermine_documents_total{ending=\"whole\",region=\"london\",} 0.0",
            "ermine_documents_total{ending=\"cut\",region=\"london\",} 0.0",
            "ermine_documents_total{ending=\"abandoned\",region=\"london\",} 0.0");
  }

  @Test
  void goWithTheRegion() {
    meters.follow(regions("london", "wessex"));
    meters.follow(regions("london"));
    assertThat(prometheus.scrape()).contains("london").doesNotContain("wessex");
    meters.accounted(WESSEX, Status.ANSWERED.code());
    meters.asked(WESSEX, Duration.ofMillis(1));
    assertThat(prometheus.scrape()).doesNotContain("wessex");
  }

  @Test
  void countOnThroughANewVersion() {
    meters.follow(regions("london"));
    meters.accounted(LONDON, Status.EMPTY.code());
    meters.follow(regions("london", "wessex"));
    meters.accounted(LONDON, Status.EMPTY.code());
    assertThat(series("ermine_account_total"))
        .contains("ermine_account_total{region=\"london\",status=\"empty\",} 2.0");
  }

  @Test
  void timeDemographicsAndKeepThemOutOfTheAccount() {
    Regions regions = Given.identifying(regions("london"), certificate(4));
    meters.follow(regions);
    meters.asked(RegionId.DEMOGRAPHICS, Duration.ofMillis(120));
    assertThat(series("ermine_region_asked_seconds_count"))
        .contains("ermine_region_asked_seconds_count{region=\"pds\",} 1.0");
    assertThat(series("ermine_connections_open")).hasSize(2);
    assertThat(series("ermine_account_total")).noneMatch(line -> line.contains("pds"));
    var certificates = new CertificateMeters(registry, () -> certificate(9), () -> certificate(8));
    certificates.follow(regions);
    assertThat(series("ermine_certificate_not_after_seconds"))
        .contains(notAfter("pds", "answers", 4));
  }

  @Test
  void tellWhenEachCertificateEndsAndTheSoonestOfARegion() {
    X509Certificate server = certificate(9);
    X509Certificate client = certificate(8);
    var certificates = new CertificateMeters(registry, () -> server, () -> client);
    certificates.follow(Given.regions(certificate(5)));
    assertThat(series("ermine_certificate_not_after_seconds"))
        .containsExactlyInAnyOrder(
            notAfter("gateway", "server", 9),
            notAfter("gateway", "client", 8),
            notAfter("hwe", "asks", 5));
    certificates.follow(new Regions(2, "hash", Given.gateway(), List.of(), List.of(), List.of()));
    assertThat(series("ermine_certificate_not_after_seconds")).hasSize(2);
  }

  private static String notAfter(String owner, String use, int days) {
    return "ermine_certificate_not_after_seconds{owner=\"%s\",use=\"%s\",} %s"
        .formatted(owner, use, (double) end(days));
  }

  private static long end(int days) {
    return Given.NOON.plus(Duration.ofDays(days)).getEpochSecond();
  }

  private static X509Certificate certificate(int days) {
    return SelfSigned.certificate(Given.NOON, Given.NOON.plus(Duration.ofDays(days)));
  }

  private static Regions regions(String... answering) {
    return Given.regions(
        certificate(1),
        Arrays.stream(answering).map(Given::region).toArray(dev.ermine.region.Region[]::new));
  }

  private List<String> series(String name) {
    return prometheus.scrape().lines().filter(line -> line.startsWith(name + "{")).toList();
  }
}
