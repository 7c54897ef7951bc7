package dev.ermine.app;

import dev.ermine.audit.AuditEventWriter;
import dev.ermine.audit.AuditFile;
import dev.ermine.federation.Federation;
import dev.ermine.federation.Quality;
import dev.ermine.http.AuditedActs;
import dev.ermine.http.AuditedGrants;
import dev.ermine.http.AuditedRefusals;
import dev.ermine.http.Callers;
import dev.ermine.http.Door;
import dev.ermine.http.Drain;
import dev.ermine.http.Gate;
import dev.ermine.http.PastRequests;
import dev.ermine.http.PublicFacts;
import dev.ermine.http.QualityFound;
import dev.ermine.http.QuteNarrative;
import dev.ermine.http.ServerTls;
import dev.ermine.http.TrustInForce;
import dev.ermine.http.Whose;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.fact.Units;
import dev.ermine.merge.summary.Narrative;
import dev.ermine.peer.ControlClient;
import dev.ermine.peer.HttpResponders;
import dev.ermine.peer.PeerVertx;
import dev.ermine.peer.RegionCredentials;
import dev.ermine.peer.TokenEndpoints;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.LiveRegions;
import dev.ermine.trace.Spans;
import dev.ermine.trust.GrantedTokens;
import dev.ermine.trust.KeyUses;
import dev.ermine.trust.OfficerVerifier;
import dev.ermine.trust.PageTokens;
import dev.ermine.trust.PeerTokens;
import dev.ermine.trust.PinnedClients;
import dev.ermine.trust.PublishedKeys;
import dev.ermine.trust.ReplayCache;
import dev.ermine.trust.Revocations;
import dev.ermine.trust.ShownIdentity;
import dev.ermine.trust.TokenGrants;
import dev.ermine.trust.TrustBasis;
import dev.ermine.trust.TrustVerifier;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quarkus.qute.Engine;
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
      Provider<SigningKeysWatch> keys,
      Provider<PageKeysWatch> pageKeys,
      Provider<OptOutsWatch> optOuts,
      Provider<MeteredAudit> trail) {
    ground.get();
    audit.get().look();
    // Their series are there before anything has happened.
    regions.get();
    keys.get();
    pageKeys.get();
    optOuts.get();
    trail.get();
    Units.read();
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
  LiveRegions regions(Ground ground) {
    return ground.live();
  }

  @Produces
  @Singleton
  ServerTls tls(Ground ground, PinnedClients clients) {
    return new ServerTls(new ShownIdentity(ground.server()::current), clients);
  }

  @Produces
  @Singleton
  PinnedClients clients(
      Ground ground, LiveRegions live, Revocations revocations, InstantSource clock) {
    return new PinnedClients(live::current, ground.officers(), revocations, clock);
  }

  @Produces
  @Singleton
  Revocations revocations(InstantSource clock) {
    return new Revocations(clock, new HttpResponders());
  }

  @Produces
  @Singleton
  Narrative narrative(Engine engine) {
    return new QuteNarrative(engine);
  }

  @Produces
  @Singleton
  Callers callers(LiveRegions live, PinnedClients clients) {
    return new Callers(
        live::current, clients::mayAsk, certificate -> Whose.of(certificate, clients));
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
      Drain drain,
      Provider<Callers> callers,
      Provider<VertxPeer> peer) {
    Gate gate =
        new Gate(
            config.limits().requests(),
            Runtime.getRuntime().maxMemory() / 8 * 3,
            work -> peer.get().soon(work));
    return new Door(
        refusals::get,
        new RequestMeters(registry, gate),
        spans,
        drain,
        callers::get,
        gate,
        config.baseUrl());
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
  KeyUses uses() {
    return new KeyUses();
  }

  @Produces
  @Singleton
  TrustBasis basis(
      Ground ground,
      LiveRegions live,
      LiveKeys keys,
      PublishedKeys published,
      KeyUses uses,
      Revocations revocations,
      InstantSource clock) {
    return new TrustBasis(
        live::current,
        keys::current,
        published,
        ground.base(),
        clock,
        new ReplayCache(clock),
        uses,
        revocations);
  }

  @Produces
  @Singleton
  TrustVerifier trust(TrustBasis basis) {
    return new TrustVerifier(basis);
  }

  @Produces
  @Singleton
  TokenGrants grants(TrustBasis basis) {
    return new TokenGrants(basis);
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
  TrustInForce trustInForce(LiveRegions live, KeyUses uses, LiveOptOuts optOuts) {
    return new TrustInForce(live, uses, optOuts::inForce);
  }

  @Produces
  @Singleton
  PastRequests pastRequests(Ground ground) {
    return new PastRequests(ground.auditFile());
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
  AuditedRefusals refusals(MeteredAudit audit, LiveRegions live, InstantSource clock) {
    return new AuditedRefusals(audit, live::current, clock);
  }

  @Produces
  @Singleton
  AuditedGrants tokens(MeteredAudit audit, InstantSource clock) {
    return new AuditedGrants(audit, clock);
  }

  @Produces
  @Singleton
  LiveKeys keys(Ground ground, LiveRegions live, InstantSource clock) {
    return new LiveKeys(ground.keyFiles(), ground.keys(), live::current, clock);
  }

  @Produces
  @Singleton
  LivePageKeys pageKeys(Ground ground) {
    return ground.pageKeys();
  }

  @Produces
  @Singleton
  PageTokens pageTokens(LivePageKeys keys) {
    return new PageTokens(keys::current);
  }

  @Produces
  @Singleton
  LiveOptOuts optOuts(Ground ground) {
    return ground.optOuts();
  }

  @Produces
  @Singleton
  KeyMeters keyMeters(MeterRegistry registry, KeyUses uses) {
    return new KeyMeters(registry, uses);
  }

  @Produces
  @Singleton
  ControlClient control(Ground ground, Vertx vertx, Revocations revocations) {
    return new ControlClient(vertx, ground.client()::current, revocations);
  }

  @Produces
  @Singleton
  PublishedKeys published(Ground ground, ControlClient control, InstantSource clock) {
    return new PublishedKeys(control::jwks, ground.stage(), clock);
  }

  @Produces
  @Singleton
  VertxPeer peer(
      Ground ground,
      LiveKeys keys,
      KeyUses uses,
      ControlClient control,
      Spans spans,
      Revocations revocations,
      InstantSource clock) {
    PeerTokens signed = new PeerTokens(keys::current, ground.base(), uses, clock);
    GrantedTokens<Miss> granted =
        new GrantedTokens<>(signed, new TokenEndpoints(control, clock), clock);
    return new VertxPeer(
        PeerVertx.open(),
        ground.client()::current,
        new RegionCredentials(signed, granted),
        spans,
        revocations,
        clock);
  }

  void close(@Disposes VertxPeer peer) {
    peer.close();
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
  RegionMeters regionMeters(MeterRegistry registry, VertxPeer peer, Quality quality) {
    return new RegionMeters(
        registry, peer::connections, peer::spared, peer::unasked, peer::documents, quality);
  }

  @Produces
  @Singleton
  Quality quality(InstantSource clock) {
    return new Quality(clock.instant());
  }

  @Produces
  @Singleton
  QualityFound qualityFound(LiveRegions live, Quality quality) {
    return new QualityFound(live::current, quality);
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
      Ground ground,
      LiveRegions live,
      LiveOptOuts optOuts,
      MeteredPeer peer,
      MeteredAudit audit,
      InstantSource clock,
      Quality quality,
      PageTokens tokens) {
    return new Federation(
        live::current, optOuts::inForce, peer, audit, ground.base(), clock, quality, tokens);
  }

  @Produces
  @Singleton
  PublicFacts facts(Ground ground, LiveRegions live, LiveKeys keys, InstantSource clock) {
    return new PublicFacts(
        ground.base(), live::current, () -> keys.current().publicJwks(), clock.instant());
  }
}
