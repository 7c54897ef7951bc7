package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.app.NoticesWatch.Patience;
import dev.ermine.audit.AuditEventWriter;
import dev.ermine.audit.AuditFile;
import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.BrokenGlass;
import dev.ermine.region.PrivacyOffice;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Privacy offices are told of broken glass, from the audit, until they have taken it in. */
class NoticesWatchTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(Given.NOON.minusSeconds(60), Given.NOON.plusSeconds(3600));
  private static final Patience SHORT = new Patience(Duration.ofMillis(1), Duration.ofMillis(20));
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  private final AtomicReference<Regions> live = new AtomicReference<>(regions("hwe", "london"));
  private final AtomicInteger failures = new AtomicInteger();

  /** What came where. */
  private record Delivery(String host, String json) {}

  private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
  private AuditFile audit;

  @BeforeEach
  void open() {
    AuditEventWriter writer =
        new AuditEventWriter(Given.gateway(), URI.create("https://gateway.example"));
    audit = new AuditFile(directory.resolve("audit.ndjson"), writer, LONG);
  }

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void tellsTheOfficesOfBothRegionsOnceEach() throws Exception {
    broken("r-5");
    NoticesWatch watch = watch();
    settle(watch);
    watch.look();

    assertThat(deliveries)
        .extracting(Delivery::host)
        .containsExactlyInAnyOrder("office.hwe.example", "office.london.example");
  }

  @Test
  void tellsAgainUntilItIsTakenIn() throws Exception {
    failures.set(4);
    broken("r-5");
    settle(watch());

    assertThat(deliveries).extracting(Delivery::host).contains("office.hwe.example");
    assertThat(deliveries).hasSize(2);
    assertThat(failures).hasValueLessThanOrEqualTo(0);
  }

  @Test
  void tellsAtTheNextStartWhatTheAuditDoesNotSayWasTold() throws Exception {
    broken("r-5");
    audit.tell(new AuditRecord.Told(Given.NOON, "r-5", Given.NOON, id("london"), "hash"));
    broken("r-6");
    settle(watch());

    assertThat(deliveries)
        .extracting(Delivery::host, it -> event(it.json()))
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("office.hwe.example", "r-5"),
            org.assertj.core.groups.Tuple.tuple("office.hwe.example", "r-6"),
            org.assertj.core.groups.Tuple.tuple("office.london.example", "r-6"));
    deliveries.clear();
    settle(watch());
    assertThat(deliveries).as("all were audited as told").isEmpty();
  }

  /** An asker may reuse an id, but keeps nobody from hearing of it. */
  @Test
  void tellsOfTwoRequestsThatBearTheSameId() throws Exception {
    broken("r-5", Given.NOON);
    settle(watch());
    broken("r-5", Given.NOON.plusSeconds(1));
    settle(watch());

    assertThat(deliveries).hasSize(4);
  }

  @Test
  void passesOverARegionWithoutOfficeAndTellsItOnceItHasOne() throws Exception {
    live.set(regions("hwe"));
    broken("r-5");
    settle(watch());
    assertThat(deliveries).extracting(Delivery::host).containsExactly("office.hwe.example");

    live.set(regions("hwe", "london"));
    settle(watch());
    assertThat(deliveries)
        .extracting(Delivery::host)
        .containsExactly("office.hwe.example", "office.london.example");
  }

  @Test
  void keepsNobodyWaitingForAnOfficeThatIsAway() throws Exception {
    broken("r-5");
    NoticesWatch watch =
        watch(
            (office, json) ->
                office.webhook().getHost().contains("london")
                    ? new CompletableFuture<>()
                    : deliver(office, json));
    watch.look();
    await(() -> watch.outstanding() == 1);
    watch.look();

    assertThat(deliveries).extracting(Delivery::host).containsExactly("office.hwe.example");
  }

  @Test
  void saysWhereToLookAndNothingOfPatientOrUser() throws Exception {
    broken("r-5");
    settle(watch());

    for (Delivery delivery : deliveries) {
      assertThat(JSON.readTree(delivery.json()))
          .isEqualTo(
              JSON.readTree(
                  """
                  {"event": "r-5", "at": "%s", "gateway": "ermine-east",
                   "asking": {"region": "hwe", "organisation": "RQW"}, "roles": ["R8000"],
                   "releasing": [{"region": "london", "agreements": ["DSA-london"]}]}
                  """
                      .formatted(Given.NOON)));
      assertThat(delivery.json())
          .doesNotContain(Given.ADA.value(), "10019", "111222333444", "Jones", "unconscious");
    }
  }

  private NoticesWatch watch() {
    return watch(this::deliver);
  }

  private NoticesWatch watch(NoticesWatch.Post post) {
    return new NoticesWatch(
        new BrokenGlass(directory.resolve("audit.ndjson")),
        post,
        audit,
        live::get,
        () -> Given.NOON,
        SHORT);
  }

  private CompletionStage<Optional<String>> deliver(PrivacyOffice office, String json) {
    if (failures.getAndDecrement() > 0) {
      return CompletableFuture.completedFuture(Optional.of("answered with status 503"));
    }
    deliveries.add(new Delivery(office.webhook().getHost(), json));
    return CompletableFuture.completedFuture(Optional.empty());
  }

  private static void settle(NoticesWatch watch) throws Exception {
    watch.look();
    await(() -> watch.outstanding() == 0);
  }

  private static void await(java.util.function.BooleanSupplier done) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).as("still not there").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private void broken(String requestId) {
    broken(requestId, Given.NOON);
  }

  private void broken(String requestId, Instant at) {
    AuditRecord.Query query =
        new AuditRecord.Query(
            requestId,
            "192.0.2.1",
            Given.breaker("thumbprint", Given.ADA),
            Given.ADA,
            AuditRecord.Interaction.SEARCH_TYPE,
            "Observation",
            List.of("Observation"),
            "hash");
    audit.override(
        new AuditRecord.GlassBroken(at, query, Map.of(id("london"), List.of("DSA-london"))));
  }

  private static String event(String json) {
    try {
      return JSON.readTree(json).path("event").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The regions, of which these have an office. */
  private static Regions regions(String... offices) {
    Regions plain = Given.regions(CERTIFICATE, Given.region("london"));
    return new Regions(
        plain.serial(),
        plain.hash(),
        plain.gateway(),
        plain.regions().stream().map(region -> with(region, List.of(offices))).toList(),
        plain.agreements(),
        plain.denials());
  }

  private static Region with(Region region, List<String> offices) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers(),
        region.consents(),
        Stream.of(region.id().value())
            .filter(offices::contains)
            .map(id -> URI.create("https://office." + id + ".example/notices"))
            .map(webhook -> new PrivacyOffice(webhook, List.of(CERTIFICATE)))
            .findFirst());
  }

  private static RegionId id(String region) {
    return new RegionId(region);
  }
}
