package dev.ermine.bench;

import dev.ermine.bench.Asking.Question;
import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.Launch;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The packaged gateway before stand-ins, warmed up, on files of its own. */
final class Stage implements AutoCloseable {

  private static final Duration SHORTLY = Duration.ofSeconds(2);
  private static final int MOST = 20;

  private final DevPki pki;
  private final StandIns standIns;
  private final GatewayProcess gateway;
  private final Path files;

  /** Who asks waits for no stand-in's turn. */
  private final Vertx askers = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  private Stage(DevPki pki, StandIns standIns, GatewayProcess gateway, Path files) {
    this.pki = pki;
    this.standIns = standIns;
    this.gateway = gateway;
    this.files = files;
  }

  /**
   * Opens it.
   *
   * @param regions how many
   * @param bytes that each holds
   * @param properties of the gateway besides the usual ones
   */
  static Stage open(
      int regions, int bytes, StandIns.Terms terms, Launch launch, Map<String, String> properties) {
    try {
      Path files = Files.createTempDirectory("ermine-bench");
      DevPki pki = DevPki.in(files.resolve("certs"));
      StandIns standIns = StandIns.start(pki, regions, bytes);
      try {
        var gateway = GatewayProcess.start(pki, standIns.yaml(terms), files, launch, properties);
        return new Stage(pki, standIns, gateway, files);
      } catch (RuntimeException e) {
        standIns.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The packaged jar under the image's JVM options, its bounds of memory among them. */
  static Launch asInTheImage() {
    return Launch.jar(List.of("@" + Path.of("src", "main", "docker", "jvm.options")));
  }

  StandIns standIns() {
    return standIns;
  }

  GatewayProcess gateway() {
    return gateway;
  }

  /** Where files of the run are, its log among them. */
  Path files() {
    return files;
  }

  ProcessFigures process() {
    return ProcessFigures.of(gateway.process());
  }

  /** A region that asks, over so many connections at most. */
  Asking asking(String region, int connections) {
    return Asking.of(region, gateway, pki, askers, connections);
  }

  /** Keys and certificates of everyone. */
  DevPki pki() {
    return pki;
  }

  /** Asks until the JVM has compiled what it will run, and answers whole. */
  void warmUp(Asking asking, Question question, int atOnce, Duration time) {
    System.err.printf("warming up for %d s%n", time.toSeconds());
    standIns.be(Manner.WELL);
    Load.closed(asking, question, atOnce, time);
    Result last = Load.closed(asking, question, 1, SHORTLY);
    for (int more = 0; more < MOST && last.count(Heard::whole) < last.count(); more++) {
      last = Load.closed(asking, question, 1, SHORTLY);
    }
    if (last.count(Heard::whole) < last.count()) {
      throw new IllegalStateException(
          "the warmed-up gateway does not answer whole: %s; %s. Its log: %s"
              .formatted(last, last.faults().toList(), files.resolve("gateway.log")));
    }
  }

  @Override
  public void close() {
    try (standIns) {
      gateway.close();
    } finally {
      Waiting.on(askers.close());
    }
  }
}
