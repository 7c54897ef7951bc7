package dev.ermine.app;

import dev.ermine.audit.AuditEventWriter;
import dev.ermine.audit.AuditFile;
import dev.ermine.federation.Federation;
import dev.ermine.federation.Peer;
import dev.ermine.http.AuditedRefusals;
import dev.ermine.http.Door;
import dev.ermine.http.Drain;
import dev.ermine.http.PublicFacts;
import dev.ermine.http.ServerTls;
import dev.ermine.peer.VertxPeer;
import dev.ermine.region.LiveRegions;
import dev.ermine.trust.PeerTokens;
import dev.ermine.trust.PinnedClients;
import dev.ermine.trust.ReplayCache;
import dev.ermine.trust.TrustVerifier;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
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

/** How the floors are put together: the one class that builds them, in the order of a query. */
@Singleton
final class Wiring {

  private static final Duration AUDIT_PATIENCE = Duration.ofSeconds(2);

  /** Nothing starts before the ground is checked, not even the scheduler. */
  void start(@Observes @Priority(Integer.MIN_VALUE) StartupEvent start, Provider<Ground> ground) {
    ground.get();
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Ground ground(GatewayConfig config) {
    return StartupChecks.ground(config);
  }

  @Produces
  @Singleton
  LiveRegions regions(GatewayConfig config, Ground ground, InstantSource clock) {
    return new LiveRegions(config.regions(), config.certs(), ground.regions(), clock);
  }

  @Produces
  @Singleton
  ServerTls tls(Ground ground, LiveRegions live, InstantSource clock) {
    return new ServerTls(
        ground.server().certificateFile(),
        ground.server().keyFile(),
        new PinnedClients(live::current, clock));
  }

  /** Made before the ground is checked, so it asks for its refusals only when there is one. */
  @Produces
  @Singleton
  Door door(GatewayConfig config, Provider<AuditedRefusals> refusals, Drain drain) {
    return new Door(refusals::get, config.baseUrl(), drain);
  }

  @Produces
  @Singleton
  Drain drain() {
    return new Drain();
  }

  @Produces
  @Singleton
  TrustVerifier trust(Ground ground, LiveRegions live, InstantSource clock) {
    return new TrustVerifier(live::current, ground.base() + "/fhir", clock, new ReplayCache(clock));
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
  AuditedRefusals refusals(AuditFile audit, InstantSource clock) {
    return new AuditedRefusals(audit, clock);
  }

  @Produces
  @Singleton
  Peer peer(Ground ground, Vertx vertx, InstantSource clock) {
    PeerTokens tokens =
        new PeerTokens(ground.keys(), ground.base(), ground.client().certificate(), clock);
    PemKeyCertOptions certificate =
        new PemKeyCertOptions()
            .setCertPath(ground.client().certificateFile().toString())
            .setKeyPath(ground.client().keyFile().toString());
    return new VertxPeer(
        vertx,
        certificate,
        question ->
            tokens.forQuery(
                question.requester(), question.region(), question.gateway(), question.patient()),
        clock);
  }

  @Produces
  @Singleton
  Federation federation(
      Ground ground, LiveRegions live, Peer peer, AuditFile audit, InstantSource clock) {
    return new Federation(live::current, peer, audit, ground.base(), clock);
  }

  @Produces
  @Singleton
  PublicFacts facts(Ground ground, LiveRegions live, InstantSource clock) {
    return new PublicFacts(
        ground.base(), live::current, ground.keys().publicJwks(), clock.instant());
  }
}
