package dev.ermine.bench;

import dev.ermine.sandbox.DevPki;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Regions of England that are cheap to ask: as many as there are integrated care boards, in this
 * process, on a port each. All show London's certificate of development. Their ids and codes are
 * made up.
 */
final class StandIns implements AutoCloseable {

  /** As many as there are integrated care boards in England. */
  static final int ENGLAND = 42;

  /** Those who ask; they hold nothing. */
  static final List<String> ASKERS = List.of("hwe", "essex-suffolk", "wessex");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final List<StandIn> regions;

  /**
   * How the gateway is told to ask them.
   *
   * @param lookup {@code two-step} or {@code identifier}
   * @param use of each token: {@code request}, {@code query} or {@code context}
   * @param answering further lines of each region's {@code answers}; empty for none
   */
  record Terms(Duration deadline, Duration budget, String lookup, String use, String answering) {

    static Terms usual(Duration budget) {
      return new Terms(budget.plusSeconds(1), budget, "two-step", "query", "");
    }

    /** Of regions that resolve the patient by themselves: what is asked is asked at once. */
    static Terms oneStep(Duration budget, String use) {
      return new Terms(budget.plusSeconds(1), budget, "identifier", use, "");
    }
  }

  private StandIns(DevPki pki, int number, int bytes) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(pair(pki, "london-server"))
            .setClientAuth(ClientAuth.REQUIRED)
            .setTrustOptions(
                new PemTrustOptions().addCertPath(pki.file("gateway-ca.crt").toString()));
    this.regions =
        IntStream.rangeClosed(1, number)
            .mapToObj(
                region ->
                    new StandIn(
                        "region-%02d".formatted(region),
                        vertx,
                        options,
                        HeldRecord.ofEachType(region, bytes)))
            .toList();
  }

  /**
   * Starts them.
   *
   * @param bytes that each holds of the patient, about
   */
  static StandIns start(DevPki pki, int number, int bytes) {
    return new StandIns(pki, number, bytes);
  }

  /** A key with its certificate, for Vert.x. */
  static PemKeyCertOptions pair(DevPki pki, String name) {
    return new PemKeyCertOptions()
        .setCertPath(pki.file(name + ".crt").toString())
        .setKeyPath(pki.file(name + ".key").toString());
  }

  /** All of them, in the order of their ids. */
  List<StandIn> regions() {
    return regions;
  }

  /** What runs them, for clients beside them. */
  Vertx vertx() {
    return vertx;
  }

  /** Each treats requests so from now on. */
  void be(Manner manner) {
    regions.forEach(region -> region.be(manner));
  }

  /** Each holds this from now on, by its number, which begins at 1, and its base. */
  void hold(BiFunction<Integer, String, HeldRecord> held) {
    for (int i = 0; i < regions.size(); i++) {
      regions.get(i).hold(held.apply(i + 1, regions.get(i).base()));
    }
  }

  /** How many requests have come to all of them so far. */
  long requests() {
    return regions.stream().mapToLong(StandIn::requests).sum();
  }

  /** How many connections to all of them are open. */
  int connections() {
    return regions.stream().mapToInt(StandIn::connections).sum();
  }

  /** The first so many, as {@code Ermine-Regions} lists them. */
  String first(int number) {
    return regions.stream().limit(number).map(StandIn::id).collect(Collectors.joining(", "));
  }

  /** The text of a {@code regions.yaml} with all of them, and who may ask them. */
  String yaml(Terms terms) {
    return """
        version: 1
        serial: 1
        gateway:
          id: ermine-bench
          organisation: { ods: QM7, name: Bench }
          deadline: %dms
        regions:
        %s%sagreements:
        %s"""
        .formatted(
            terms.deadline().toMillis(),
            ASKERS.stream().map(StandIns::asking).collect(Collectors.joining()),
            regions.stream().map(region -> answering(region, terms)).collect(Collectors.joining()),
            regions.stream().map(StandIns::agreement).collect(Collectors.joining()));
  }

  private static String asking(String region) {
    return """
          %1$s:
            name: Asker %1$s
            organisation: { ods: QM7, name: Asker %1$s }
            status: active
            asks:
              issuer: https://%1$s.example.nhs.uk
              algorithm: ES256
              keys: [{ jwks: %1$s.jwks.json, use: active }]
              certificates: [{ file: %1$s-client.crt }]
              timings: true
        """
        .formatted(region);
  }

  private static String answering(StandIn region, Terms terms) {
    String more =
        terms.answering().lines().map(line -> "      " + line + "\n").collect(Collectors.joining());
    return """
          %1$s:
            name: Stand-in %1$s
            organisation: { ods: QMJ, name: Stand-in %1$s }
            status: active
            answers:
              base: %2$s
              anchors: [london-ca.crt]
              token: { audience: %2$s, algorithm: ES256, use: %7$s }
              lookup: %3$s
              search: post
              budget: %4$dms
              limits: { connections: 256, rate: 99999/s, queries: 10000 }
              types: [Patient, %5$s]
        %6$s"""
        .formatted(
            region.id(),
            region.base(),
            terms.lookup(),
            terms.budget().toMillis(),
            String.join(", ", HeldRecord.TYPES),
            more,
            terms.use());
  }

  private static String agreement(StandIn region) {
    return """
          - id: DSA-%1$s
            releases: %1$s
            to: [%2$s]
            purposes: [TREAT]
            roles: [R8000]
            types: [Patient, %3$s]
            relationship: required
            valid: { from: 2021-12-01, until: 2099-11-30 }
        """
        .formatted(region.id(), String.join(", ", ASKERS), String.join(", ", HeldRecord.TYPES));
  }

  @Override
  public void close() {
    Waiting.on(vertx.close());
  }
}
