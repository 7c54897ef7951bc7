package dev.ermine.testing;

import dev.ermine.sandbox.DevPki;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Three gateways that share one {@code regions.yaml} and nothing else, behind a balancer, in small
 * JVMs.
 */
public final class Service implements AutoCloseable {

  private static final List<String> JVM = List.of("-Xmx128m", "-XX:+UseSerialGC");

  private final DevPki pki;
  private final URI base;
  private final Path regions;
  private final Duration drain;
  private final List<Pod> pods = new ArrayList<>();
  private final HaProxy balancer;

  private Service(DevPki pki, Path directory, Duration drain) throws IOException {
    this.pki = pki;
    this.base = URI.create("https://localhost:" + Ports.free());
    this.regions = directory.resolve("regions.yaml");
    this.drain = drain;
    for (String name : List.of("ermine-0", "ermine-1", "ermine-2")) {
      pods.add(new Pod(name, Files.createDirectory(directory.resolve(name))));
    }
    this.balancer =
        HaProxy.start(base.getPort(), directory, pods.stream().map(pod -> pod.behind).toList());
  }

  /**
   * Opens it.
   *
   * @param regions the text of their {@code regions.yaml}
   * @param drain how long a gateway serves on when it is told to stop
   */
  public static Service open(DevPki pki, String regions, Path directory, Duration drain)
      throws IOException {
    var service = new Service(pki, directory, drain);
    try {
      service.write(regions);
      for (Pod pod : service.pods) {
        pod.start();
      }
      return service;
    } catch (RuntimeException | Error e) {
      service.close();
      throw e;
    }
  }

  /** The gateways. */
  public List<Pod> pods() {
    return List.copyOf(pods);
  }

  /** An asker of {@code region}, with a connection of its own. */
  public Asker asker(String region) {
    return Asker.of(pki, region, base);
  }

  /** Replaces the {@code regions.yaml} that all of them share, as an officer does. */
  public void write(String text) throws IOException {
    Path edited = Files.writeString(regions.resolveSibling("edited.yaml"), text);
    Files.move(
        edited, regions, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What became of each request, by its id, in all the audit files together. */
  public Map<String, List<String>> phases() {
    var phases = new HashMap<String, List<String>>();
    for (Pod pod : pods) {
      pod.audited()
          .phases()
          .forEach(
              (id, some) ->
                  phases.merge(
                      id,
                      some,
                      (one, more) -> Stream.of(one, more).flatMap(List::stream).toList()));
    }
    return phases;
  }

  @Override
  public void close() {
    try (balancer) {
      pods.forEach(Pod::close);
    }
  }

  /** One gateway, on the same ports and files whenever it runs. */
  public final class Pod implements AutoCloseable {

    private final HaProxy.Behind behind;
    private final Path directory;
    private GatewayProcess gateway;

    private Pod(String name, Path directory) {
      this.behind = new HaProxy.Behind(name, Ports.free(), Ports.free());
      this.directory = directory;
    }

    /** Starts it, and waits until the balancer takes it for ready. */
    public void start() {
      gateway =
          GatewayProcess.start(
              pki,
              "not read",
              directory,
              behind.port(),
              behind.managementPort(),
              Launch.usual().with(JVM),
              Map.of(
                  "ermine.base-url", base.toString(),
                  "ermine.regions", regions.toString(),
                  "ermine.drain-delay", drain.toString()));
      balancer.awaitUp(behind);
    }

    /** Tells it to stop, and waits until it has. */
    public void stop() {
      gateway.close();
    }

    /** Ends it where it stands, and tells when it was dead. */
    public Instant kill() {
      gateway.process().destroyForcibly().onExit().join();
      Instant dead = Instant.now();
      gateway.close();
      return dead;
    }

    /** What its own audit file holds. */
    public Audited audited() {
      return Audited.in(gateway.audit());
    }

    /** An address of it that does not lead through the balancer. */
    public String address(String path) {
      return "https://localhost:" + behind.port() + path;
    }

    @Override
    public void close() {
      if (gateway != null) {
        gateway.close();
      }
    }

    @Override
    public String toString() {
      return behind.name();
    }
  }
}
