package dev.ermine.bench;

import dev.ermine.sandbox.DevPki;
import dev.ermine.testing.HaProxy;
import dev.ermine.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the gateway is compared with, before the same stand-ins, with mutual TLS on both sides as
 * the gateway has it: HAProxy, which hands each region's answer on without looking at it, and the
 * {@link HapiAggregator}.
 */
final class Rivals implements AutoCloseable {

  private final Map<String, Integer> hops;
  private final ChildProcess proxy;
  private final int aggregatorPort;
  private final ChildProcess aggregator;

  private Rivals(
      Map<String, Integer> hops, ChildProcess proxy, int aggregatorPort, ChildProcess aggregator) {
    this.hops = hops;
    this.proxy = proxy;
    this.aggregatorPort = aggregatorPort;
    this.aggregator = aggregator;
  }

  /**
   * Starts them.
   *
   * @param heap of the aggregator: {@code 256m}; in all else its JVM is called as the gateway's is
   */
  static Rivals start(DevPki pki, StandIns standIns, Path files, String heap) {
    var hops = new LinkedHashMap<String, Integer>();
    standIns.regions().forEach(region -> hops.put(region.id(), Ports.free()));
    ChildProcess proxy = proxy(pki, standIns, hops, files);
    try {
      int port = Ports.free();
      return new Rivals(hops, proxy, port, aggregator(pki, standIns, port, files, heap));
    } catch (RuntimeException e) {
      proxy.close();
      throw e;
    }
  }

  private static ChildProcess proxy(
      DevPki pki, StandIns standIns, Map<String, Integer> hops, Path files) {
    try {
      Path front = pem(pki, "gateway-server", files);
      Path back = pem(pki, "gateway-client", files);
      String listens =
          standIns.regions().stream()
              .map(
                  region ->
                      """
                      listen %1$s
                        bind 127.0.0.1:%2$d ssl crt %3$s ca-file %5$s verify required
                        server %1$s 127.0.0.1:%4$d ssl crt %6$s ca-file %7$s verify required verifyhost localhost
                      """
                          .formatted(
                              region.id(),
                              hops.get(region.id()),
                              front,
                              region.port(),
                              pki.file("hwe-ca.crt"),
                              back,
                              pki.file("london-ca.crt")))
              .collect(Collectors.joining());
      Path settings =
          Files.writeString(
              files.resolve("haproxy.cfg"),
              """
              global
                nbthread 1
                maxconn 4000
              defaults
                mode http
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                http-reuse always
              """
                  + listens);
      return ChildProcess.start(
          List.of(HaProxy.executable(), "-db", "-f", settings.toString()),
          hops.values().iterator().next(),
          files.resolve("haproxy.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A certificate and its key in one file, as HAProxy wants them. */
  private static Path pem(DevPki pki, String name, Path files) throws IOException {
    return Files.writeString(
        files.resolve(name + ".pem"),
        Files.readString(pki.file(name + ".crt")) + Files.readString(pki.file(name + ".key")));
  }

  private static ChildProcess aggregator(
      DevPki pki, StandIns standIns, int port, Path files, String heap) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src", "main", "docker", "jvm.options"),
                "-Xmx" + heap,
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                System.getProperty("java.class.path"),
                HapiAggregator.class.getName(),
                String.valueOf(port),
                pki.directory().toString()));
    standIns
        .regions()
        .forEach(
            region -> command.add(region.id() + "=https://localhost:" + region.port() + "/fhir"));
    return ChildProcess.start(command, port, files.resolve("aggregator.log"));
  }

  /** Of HAProxy: {@code 2.6.12}. */
  static String proxyVersion() {
    try {
      Process process = new ProcessBuilder(HaProxy.executable(), "-v").start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.replaceFirst("(?s)HAProxy version ([0-9.]+).*", "$1");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where HAProxy listens for a region. */
  int hop(String region) {
    return hops.get(region);
  }

  Process proxy() {
    return proxy.process();
  }

  int aggregatorPort() {
    return aggregatorPort;
  }

  Process aggregator() {
    return aggregator.process();
  }

  @Override
  public void close() {
    try (proxy) {
      aggregator.close();
    }
  }
}
