package dev.ermine.app;

import dev.ermine.audit.AuditEventWriter;
import dev.ermine.audit.AuditFile;
import dev.ermine.federation.Federation;
import dev.ermine.http.AuditedActs;
import dev.ermine.http.AuditedRefusals;
import dev.ermine.http.Door;
import dev.ermine.http.Drain;
import dev.ermine.http.PastRequests;
import dev.ermine.http.PublicFacts;
import dev.ermine.http.ServerTls;
import dev.ermine.http.TrustInForce;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.LiveRegions;
import dev.ermine.trace.Spans;
import dev.ermine.trust.KeyUses;
import dev.ermine.trust.OfficerVerifier;
import dev.ermine.trust.PeerTokens;
import dev.ermine.trust.PinnedClients;
import dev.ermine.trust.ReplayCache;
import dev.ermine.trust.ShownIdentity;
import dev.ermine.trust.TrustVerifier;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How the floors are put together: the one class that builds them, in the order of a query. */
@Singleton
final class Wiring {

  private static final Duration AUDIT_PATIENCE = Duration.ofSeconds(2);

  /** Nothing starts before the ground is checked, not even the scheduler. */
  void start(
      @Observes @Priority(Integer.MIN_VALUE) StartupEvent start,
      Provider<Ground> ground,
      Provider<AuditWatch> audit,
      Provider<RegionsWatch> regions,
      Provider<MeteredAudit> trail) {
    ground.get();
    audit.get().look();
    // Their series are there before anything has happened.
    regions.get();
    trail.get();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Ground ground(GatewayConfig config, Config settings, InstantSource clock) {
    return StartupChecks.ground(config, settings.unwrap(SmallRyeConfig.class), clock);
  }

  @Produces
  @Singleton
  LiveRegions regions(GatewayConfig config, Ground ground, InstantSource clock) {
    return new LiveRegions(
        config.regions(), config.certs(), ground.stage(), ground.regions(), clock);
  }

  @Produces
  @Singleton
  ServerTls tls(Ground ground, LiveRegions live, InstantSource clock) {
    return new ServerTls(
        new ShownIdentity(ground.server()::current),
        new PinnedClients(live::current, ground.officers(), clock));
  }

  @Produces
  @Singleton
  Spans spans() {
    return Spans.ofThisProcess();
  }

  /** Made before the ground is checked, so it asks for its refusals only when there is one. */
  @Produces
  @Singleton
  Door door(
      GatewayConfig config,
      Provider<AuditedRefusals> refusals,
      MeterRegistry registry,
      Spans spans,
      Drain drain) {
    return new Door(refusals::get, new RequestMeters(registry), spans, drain, config.baseUrl());
  }

  @Produces
  @Singleton
  Drain drain() {
    return new Drain();
  }

  @Produces
  @Singleton
  MeterBinder build(@ConfigProperty(name = "quarkus.application.version") String version) {
    return registry ->
        Gauge.builder("ermine.build.info", () -> 1)
            .description("which build this is")
            .tags("version", version, "java", Runtime.version().toString())
            .register(registry);
  }

  @Produces
  @Singleton
  TrustVerifier trust(Ground ground, LiveRegions live, InstantSource clock) {
    return new TrustVerifier(live::current, ground.base() + "/fhir", clock, new ReplayCache(clock));
  }

  @Produces
  @Singleton
  OfficerVerifier officers(Ground ground, LiveRegions live, InstantSource clock) {
    return new OfficerVerifier(ground.officers(), live::current, clock);
  }

  @Produces
  @Singleton
  AuditedActs acts(MeteredAudit audit, LiveRegions live, InstantSource clock) {
    return new AuditedActs(audit, live::current, clock);
  }

  @Produces
  @Singleton
  TrustInForce trustInForce(LiveRegions live, KeyUses uses) {
    return new TrustInForce(live, uses);
  }

  @Produces
  @Singleton
  PastRequests pastRequests(Ground ground) {
    return new PastRequests(ground.auditFile());
  }

  @Produces
  @Singleton
  KeyUses keyUses() {
    return new KeyUses();
  }

  @Produces
  @Singleton
  AuditFile audit(Ground ground) {
    AuditEventWriter writer =
        new AuditEventWriter(ground.regions().gateway(), URI.create(ground.base()));
    return new AuditFile(ground.auditFile(), writer, AUDIT_PATIENCE);
  }

  void close(@Disposes AuditFile audit) {
    audit.close();
  }

  @Produces
  @Singleton
  MeteredAudit meteredAudit(AuditFile audit, RegionMeters regions, MeterRegistry registry) {
    return new MeteredAudit(audit, regions, registry);
  }

  @Produces
  @Singleton
  AuditedRefusals refusals(MeteredAudit audit, InstantSource clock) {
    return new AuditedRefusals(audit, clock);
  }

  @Produces
  @Singleton
  VertxPeer peer(Ground ground, Vertx vertx, Spans spans, InstantSource clock) {
    PeerTokens tokens = new PeerTokens(ground.keys(), ground.base(), clock);
    return new VertxPeer(
        vertx,
        ground.client()::current,
        (question, certificate) ->
            tokens.forQuery(
                question.requester(),
                question.region(),
                question.gateway(),
                question.patient(),
                certificate),
        spans,
        clock);
  }

  @Produces
  @Singleton
  LastWords lastWords(InstantSource clock) {
    return new LastWords(clock);
  }

  @Produces
  @Singleton
  MeteredPeer meteredPeer(VertxPeer peer, RegionMeters regions, LastWords words) {
    return new MeteredPeer(peer, regions, words);
  }

  @Produces
  @Singleton
  RegionMeters regionMeters(MeterRegistry registry, VertxPeer peer) {
    return new RegionMeters(registry, peer::connections);
  }

  @Produces
  @Singleton
  CertificateMeters certificateMeters(MeterRegistry registry, Ground ground) {
    return new CertificateMeters(
        registry,
        () -> ground.server().current().certificate(),
        () -> ground.client().current().certificate());
  }

  @Produces
  @Singleton
  Federation federation(
      Ground ground, LiveRegions live, MeteredPeer peer, MeteredAudit audit, InstantSource clock) {
    return new Federation(live::current, peer, audit, ground.base(), clock);
  }

  @Produces
  @Singleton
  PublicFacts facts(Ground ground, LiveRegions live, InstantSource clock) {
    return new PublicFacts(
        ground.base(), live::current, ground.keys().publicJwks(), clock.instant());
  }
}
