package dev.ermine.app;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * When certificates end, in seconds since 1970: the gateway's own, read when asked for, and of each
 * region the soonest of its client certificates and of its anchors; and when its lists of revoked
 * certificates do.
 */
final class CertificateMeters {

  private static final String NAME = "ermine.certificate.not.after";
  private static final String SAYS = "when a certificate ends, in seconds since 1970";

  private final MultiGauge regions;
  private final MultiGauge lists;

  /**
   * @param server what is shown to askers, now
   * @param client what is shown to peers, now
   */
  CertificateMeters(
      MeterRegistry registry, Supplier<X509Certificate> server, Supplier<X509Certificate> client) {
    gauge(registry, "server", server);
    gauge(registry, "client", client);
    this.regions =
        MultiGauge.builder(NAME).description(SAYS).baseUnit("seconds").register(registry);
    this.lists =
        MultiGauge.builder("ermine.revocation.list.next.update")
            .description("when a list of revoked certificates ends, in seconds since 1970")
            .baseUnit("seconds")
            .register(registry);
  }

  private static void gauge(MeterRegistry registry, String use, Supplier<X509Certificate> own) {
    Gauge.builder(NAME, () -> notAfter(own.get()))
        .description(SAYS)
        .baseUnit("seconds")
        .tags("owner", "gateway", "use", use)
        .strongReference(true)
        .register(registry);
  }

  /** Has the certificates of these regions from now on, and no others. */
  void follow(Regions now) {
    List<Region> all = now.withDemographics();
    regions.register(all.stream().flatMap(CertificateMeters::rows).toList(), true);
    lists.register(all.stream().flatMap(CertificateMeters::listRows).toList(), true);
  }

  private static Stream<MultiGauge.Row<?>> listRows(Region region) {
    return Stream.of(
            listRow(region, "asks", region.asks().flatMap(Region.Asks::revocation)),
            listRow(region, "answers", region.answers().flatMap(Region.Answers::revocation)))
        .flatMap(Optional::stream);
  }

  private static Optional<MultiGauge.Row<?>> listRow(
      Region region, String use, Optional<Region.Revocation> revocation) {
    return revocation.stream()
        .flatMap(declared -> declared.crls().stream())
        .map(crl -> crl.list().getNextUpdate().toInstant().getEpochSecond())
        .min(Long::compare)
        .map(
            soonest ->
                MultiGauge.Row.of(Tags.of("owner", region.id().value(), "use", use), soonest));
  }

  private static Stream<MultiGauge.Row<?>> rows(Region region) {
    return Stream.of(
            row(region, "asks", region.asks().map(Region.Asks::certificates)),
            row(region, "answers", region.answers().map(Region.Answers::anchors)))
        .flatMap(Optional::stream);
  }

  private static Optional<MultiGauge.Row<?>> row(
      Region region, String use, Optional<List<X509Certificate>> certificates) {
    return certificates.stream()
        .flatMap(List::stream)
        .map(CertificateMeters::notAfter)
        .min(Long::compare)
        .map(
            soonest ->
                MultiGauge.Row.of(Tags.of("owner", region.id().value(), "use", use), soonest));
  }

  private static long notAfter(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().getEpochSecond();
  }
}
