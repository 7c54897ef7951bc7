package dev.ermine.app.command;

import dev.ermine.app.PemPair;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.TrialTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which regions are tried, and the trial that they come to. */
final class ConnectOptions {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Option(names = "--connect", description = "Try each region that is asked, too.")
  private boolean connect;

  @Option(names = "--region", paramLabel = "ID", description = "Try these alone.")
  private List<String> only = List.of();

  @Option(
      names = "--client-certificate",
      paramLabel = "FILE",
      description = "Try with the gateway's client certificate.")
  private @Nullable Path certificate;

  @Option(names = "--client-key", paramLabel = "FILE", description = "Its key.")
  private @Nullable Path key;

  @Option(
      names = "--signing-key",
      paramLabel = "FILE",
      description = "Try with a token signed by one of these private keys, about nobody.")
  private @Nullable Path signingKey;

  @Option(
      names = "--base-url",
      paramLabel = "URL",
      description = "The gateway's base URL, the issuer of such a token.")
  private @Nullable String base;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long each exchange may take (10).")
  private long seconds = PATIENCE.toSeconds();

  boolean connect() {
    return connect;
  }

  /** Tries them side by side, for one that is slow shall not hold up the others. */
  List<PeerTrial.Result> results(Regions version, InstantSource clock)
      throws PemPair.NotAPair, InterruptedException {
    Optional<GatewayIdentity> shown = shown();
    Optional<TrialTokens> tokens =
        signingKey == null || base == null
            ? Optional.empty()
            : Optional.of(new TrialTokens(GatewayKeys.read(signingKey), base, clock));
    PeerTrial trial = new PeerTrial(shown, tokens, Duration.ofSeconds(seconds), clock);
    List<Future<PeerTrial.Result>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      tried(version).forEach(region -> running.add(threads.submit(() -> trial.of(region))));
    }
    List<PeerTrial.Result> results = new ArrayList<>();
    for (Future<PeerTrial.Result> each : running) {
      results.add(result(each));
    }
    return results;
  }

  private static PeerTrial.Result result(Future<PeerTrial.Result> trial)
      throws InterruptedException {
    try {
      return trial.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a trial ends with what is wrong", e.getCause());
    }
  }

  private Optional<GatewayIdentity> shown() throws PemPair.NotAPair {
    return certificate == null || key == null
        ? Optional.empty()
        : Optional.of(new PemPair(certificate, key).read());
  }

  private List<Region> tried(Regions version) {
    return version.withDemographics().stream()
        .filter(region -> region.status() != Region.Status.RETIRED)
        .filter(
            region ->
                region.answers().isPresent()
                    || region.asks().flatMap(Region.Asks::published).isPresent())
        .filter(region -> only.isEmpty() || only.contains(region.id().value()))
        .toList();
  }

  /** Ids that are asked for and are no region's. */
  List<String> unknown(Regions version) {
    Set<String> known =
        version.withDemographics().stream()
            .map(region -> region.id().value())
            .collect(Collectors.toSet());
    return only.stream().filter(id -> !known.contains(id)).toList();
  }
}
